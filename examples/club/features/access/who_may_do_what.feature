Feature: Who may do what
  Members see who is in the club.
  Its chair admits people.

  Background:
    Given there is everything that the rows are about

  Rule: Only the chair admits people

    Scenario Outline: <who> <verdict> <action>
      When <who> tries to <action> by <request>
      Then <who> <verdict> <action>

      Examples: members
        | who       | verdict         | action         | request       |
        | a visitor | must sign in to | see who is in  | GET /members  |
        | a member  | may             | see who is in  | GET /members  |
        | the chair | may             | see who is in  | GET /members  |
        | a visitor | must sign in to | admit somebody | POST /members |
        | a member  | may not         | admit somebody | POST /members |
        | the chair | may             | admit somebody | POST /members |

  Rule: Nothing is left out

    Scenario: The table is complete
      Then there is a row for everything that can be asked
