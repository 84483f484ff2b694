@furnish_once
Feature: Who may do what
  Everybody may read the book.
  To write in it, one has to be a guest; an entry is its writer's own.

  Background:
    Given Ann has written "It was dark."

  Rule: Only guests write, and each strikes what is their own

    Scenario Outline: <who> <verdict> <action>
      When <who> tries to <action> by <request>
      Then <who> <verdict> <action>

      Examples: the book
        | who       | verdict         | action                  | request                   |
        | a visitor | may             | read the book           | GET /                     |
        | Ann       | may             | read the book           | GET /                     |
        | Ben       | may             | read the book           | GET /                     |
        | a visitor | must sign in to | write in the book       | POST /entries             |
        | Ann       | may             | write in the book       | POST /entries             |
        | Ben       | may             | write in the book       | POST /entries             |
        | a visitor | must sign in to | strike an entry         | POST /entries/{id}/strike |
        | Ann       | may             | strike an entry         | POST /entries/{id}/strike |
        | Ben       | may not         | strike an entry         | POST /entries/{id}/strike |

      Examples: signing in
        | who       | verdict         | action                  | request                   |
        | a visitor | may             | see the form to sign in | GET /sign-in              |
        | Ann       | may             | see the form to sign in | GET /sign-in              |
        | Ben       | may             | see the form to sign in | GET /sign-in              |
        | a visitor | may             | sign in                 | POST /sign-in             |
        | Ann       | may             | sign in                 | POST /sign-in             |
        | Ben       | may             | sign in                 | POST /sign-in             |

  Rule: Nothing is left out

    Scenario: The table is complete
      Then there is a row for everything that can be asked
