Feature: Leafing through long lists
  A page shows ten things at most, and says how many there are.
  Whoever wants more goes on to the next.

  Background:
    Given there are 11 products, members, and posts and orders of a user

  Rule: A page shows ten things, and the next one goes on

    Scenario Outline: <place> shows <number> <what>
      When the browser of <who> asks for the address "<place>"
      Then there are <number> <what> on the page
      And the page says "Page <page> of 2"

      Examples: the first page, and the last
        | who      | place            | number | what                | page |
        | a user   | /                | 10     | products            | 1    |
        | a user   | /?page=2         | 1      | products            | 2    |
        | an admin | /admin           | 10     | users               | 1    |
        | an admin | /admin           | 10     | orders of everybody | 1    |
        | an admin | /admin?users=2   | 3      | users               | 2    |
        | an admin | /admin?users=2   | 10     | orders of everybody | 1    |
        | an admin | /admin?orders=2  | 1      | orders of everybody | 2    |

    Scenario Outline: nobody leafs to <place>
      When the browser of an admin tries to ask for the address "<place>"
      Then an admin is told that this is invalid
      And the reason given is "This address makes no sense."

      Examples: before the first page, and far behind the last
        | place               |
        | /?page=0            |
        | /?page=10001        |
        | /admin?users=0      |
        | /admin?users=10001  |
        | /admin?orders=0     |
        | /admin?orders=10001 |

    Scenario Outline: behind the last page <place> is empty
      When the browser of an admin asks for the address "<place>"
      Then an admin succeeds
      And there are 0 <what> on the page

      Examples: nothing is there
        | place               | what                |
        | /?page=10000        | products            |
        | /admin?users=10000  | users               |
        | /admin?orders=10000 | orders of everybody |

  Rule: The dashboard shows the ten last

    Scenario: somebody with much to show
      When the browser of a user asks for the dashboard
      Then there are 10 posts on the page
      And there are 10 orders on the page
      And the page says "The last 10 of 11."

    Scenario: the dashboard has no second page, whatever its address says
      When the browser of a user asks for the address "/dashboard?page=2"
      Then there are 10 posts on the page
      And there are 10 orders on the page

    Scenario Outline: an order that <state> is called “<word>”
      Given the shop sells Tea at 1.00 EUR, 5 in stock
      And these orders
        | customer | pieces | product | state   |
        | a user   | 1      | Tea     | <state> |
      When the browser of a user asks for the dashboard
      Then the page says "1.00 EUR <word>"

      Examples: all that can become of an order
        | state          | word           |
        | awaits payment | awaits payment |
        | was declined   | declined       |
        | is cancelled   | cancelled      |
        | is refunded    | refunded       |
