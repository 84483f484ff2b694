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
