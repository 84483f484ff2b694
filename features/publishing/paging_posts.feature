Feature: Reading posts page by page
  A busy corner has more posts than fit on a screen.
  Each page says how much there is in all, so that a reader knows where the end is.

  Background:
    Given Ann is a member
    And Ben is a member

  Rule: Long lists come in pages that say how much there is in all

    Scenario Outline: Page <page> of 25 posts, <size> at a time, has <count>
      Given Ann has published 25 posts
      When Ben lists page <page> of the posts, <size> at a time
      Then Ben is shown page <page> of <pages>, with <count> of 25 in all

      Examples: pages
        | page | size | pages | count |
        | 1    | 10   | 3     | 10    |
        | 2    | 10   | 3     | 10    |
        | 3    | 10   | 3     | 5     |
        | 4    | 10   | 3     | 0     |
        | 1    | 25   | 1     | 25    |
        | 1    | 100  | 1     | 25    |

    Scenario: The second page goes on where the first one ended
      Given Ann has published 5 posts
      When Ben lists page 2 of the posts, 2 at a time
      Then Ben is shown
        | title  |
        | Post 3 |
        | Post 2 |

    Scenario: A list has 20 posts a page, unless asked otherwise
      Given Ann has published 25 posts
      When Ben lists the posts
      Then Ben is shown page 1 of 2, with 20 of 25 in all

    Scenario Outline: There is no page <page> with <size> at a time
      When Ben tries to list page <page> of the posts, <size> at a time
      Then Ben is told that this is invalid
      And the fault is in the <field>: "<told>"

      Examples: impossible pages
        | page  | size | field    | told                                     |
        | 0     | 10   | page     | The page must be 1 or more.              |
        | 10001 | 10   | page     | The page must be 10000 or less.          |
        | one   | 10   | page     | The page must be a whole number.         |
        | 1     | 0    | per page | The number per page must be 1 or more.   |
        | 1     | 101  | per page | The number per page must be 100 or less. |
