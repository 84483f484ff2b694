@furnish_once
Feature: Who may do what
  Everybody may see which books there are.
  To take one home, one has to be a member.

  Background:
    Given the library has "Moby-Dick"

  Rule: Only members borrow

    Scenario Outline: <who> <verdict> <action>
      When <who> tries to <action> by <request>
      Then <who> <verdict> <action>

      Examples: books
        | who    | verdict         | action        | request               |
        | nobody | may             | look around   | GET /books            |
        | Ann    | may             | look around   | GET /books            |
        | nobody | must sign in to | borrow a book | POST /books/{id}/loan |
        | Ann    | may             | borrow a book | POST /books/{id}/loan |

  Rule: Nothing is left out

    Scenario: The table is complete
      Then there is a row for everything that can be asked
