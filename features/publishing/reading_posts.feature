Feature: Reading posts
  Members look at what is new, page by page, and at what one member wrote.
  The newest post comes first.

  Background:
    Given Ann is a member
    And Ben is a member

  Rule: The newest posts come first

    Scenario: The posts of several members are listed together
      Given Ann has published "Bread on Sunday"
      And Ben has published "Lost cat"
      And Ann has published "Found cat"
      When Ben lists the posts
      Then Ben is shown
        | title           | author |
        | Found cat       | Ann    |
        | Lost cat        | Ben    |
        | Bread on Sunday | Ann    |

    Scenario: Nobody has published anything yet
      When Ben lists the posts
      Then Ben is shown nothing

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
        | page  | size | field    | told                              |
        | 0     | 10   | page     | The page must be 1 or more.       |
        | 10001 | 10   | page     | The page must be 10000 or less.   |
        | one   | 10   | page     | The page must be a whole number.  |
        | 1     | 0    | per page | The per page must be 1 or more.   |
        | 1     | 101  | per page | The per page must be 100 or less. |

  Rule: The posts of one member can be read apart from all others

    Scenario: A member has published five posts, and somebody else one
      Given Ann has published 5 posts
      And Ben has published "Lost cat"
      When Ben lists the posts of Ann
      Then Ben is shown
        | title  | author |
        | Post 5 | Ann    |
        | Post 4 | Ann    |
        | Post 3 | Ann    |
        | Post 2 | Ann    |
        | Post 1 | Ann    |

    Scenario: A member has published nothing
      Given Ben has published "Lost cat"
      When Ben lists the posts of Ann
      Then Ben is shown nothing

    Scenario: Nobody of this kind was ever here
      When Ben tries to list the posts of somebody who was never here
      Then Ben is told that this does not exist
      And nothing has changed

    Scenario: The posts of a member are held as recorded
      Given Ann has published "Bread on Sunday"
      When Ben lists the posts of Ann
      Then the answer is as recorded
