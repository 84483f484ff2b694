@browser
Feature: Pages that everybody can use
  Every page can be read aloud, used by keyboard, and fits a phone.
  It asks nobody outside for anything.

  Background:
    Given a shop with a member, a product, an order and a post

  Rule: Every page can be used by everybody, at every width

    Scenario Outline: <who> can use <page> <browser>
      Given a browser <browser>
      When <who> visits <page>
      Then <who> is on <page>
      And everybody can use the page of <who>, and nothing on it is too wide

      Examples: pages
        | who                  | page                 | browser     |
        | an anonymous visitor | the shop's page      | on a desk   |
        | an anonymous visitor | the shop's page      | on a phone  |
        | an anonymous visitor | the page to register | on a phone  |
        | an anonymous visitor | the page to sign in  | on a phone  |
        | an anonymous visitor | the page to sign in  | in the dark |
        | a user               | the shop's page      | on a phone  |
        | a user               | the shop's page      | in the dark |
        | the customer         | the dashboard        | on a desk   |
        | the customer         | the dashboard        | on a phone  |
        | the customer         | the dashboard        | in the dark |
        | an admin             | the admin's page     | on a desk   |
        | an admin             | the admin's page     | on a phone  |
        | an admin             | the admin's page     | in the dark |

  Rule: What goes wrong is told on a page too

    Scenario Outline: whoever tries to open the address <place> is told that this is <word>
      When a user tries to open the address <place>
      Then a user is told that this is <word>
      And the reason given is "<reason>"
      And everybody can use the page of a user, and nothing on it is too wide

      Examples: what one may not see, and what makes no sense
        | place            | word      | reason                       |
        | "/admin"         | forbidden | Only an admin may see this.  |
        | "/?page=nothing" | invalid   | This address makes no sense. |

    Scenario: whoever follows an address that leads nowhere is told so
      When an anonymous visitor tries to open the address "/nowhere"
      Then an anonymous visitor is told that this does not exist
      And the reason given is "There is nothing here."
      And everybody can use the page of an anonymous visitor, and nothing on it is too wide

  Rule: An admin sees everybody's

    Scenario: users and orders
      When an admin visits the admin's page
      Then an admin sees among the orders
        | customer     | product   | pieces | total     | state |
        | the customer | Product 1 | 1      | 12.50 EUR | paid  |
