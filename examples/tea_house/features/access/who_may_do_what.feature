Feature: Who may do what
  Everybody may see the menu.
  To take a tea, one has to be a guest; the kitchen is the host's.

  Background:
    Given there is everything that the rows are about

  Rule: Guests take teas, and the kitchen is the host's

    Scenario Outline: <who> <verdict> <action>
      When <who> tries to <action> by <request>
      Then <who> <verdict> <action>

      Examples: the tea house
        | who       | verdict         | action                  | request       |
        | a visitor | may             | see the menu            | GET /         |
        | Ann       | may             | see the menu            | GET /         |
        | the host  | may             | see the menu            | GET /         |
        | a visitor | must sign in to | take a tea              | POST /tray    |
        | Ann       | may             | take a tea              | POST /tray    |
        | the host  | may             | take a tea              | POST /tray    |
        | a visitor | must sign in to | look into the kitchen   | GET /kitchen  |
        | Ann       | may not         | look into the kitchen   | GET /kitchen  |
        | the host  | may             | look into the kitchen   | GET /kitchen  |

      Examples: signing in
        | who       | verdict         | action                  | request       |
        | a visitor | may             | see the form to sign in | GET /sign-in  |
        | Ann       | may             | see the form to sign in | GET /sign-in  |
        | the host  | may             | see the form to sign in | GET /sign-in  |
        | a visitor | may             | sign in                 | POST /sign-in |
        | Ann       | may             | sign in                 | POST /sign-in |
        | the host  | may             | sign in                 | POST /sign-in |

  Rule: Nothing is left out

    Scenario: The table is complete
      Then there is a row for everything that can be asked
