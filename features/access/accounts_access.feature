@furnish_once
Feature: Who may do what with accounts
  Accounts hold personal data, and admins answer for them.
  So everybody may join, members may look around,
  and only an admin manages the accounts of others.

  Background:
    Given a shop with a member, a product, an order and a post

  Rule: Everybody may join, and sign in

    Scenario Outline: <who> <verdict> <action>
      When <who> tries to <action> by <request>
      Then <who> <verdict> <action>

      Examples: joining
        | who                  | verdict | action   | request          |
        | an anonymous visitor | may     | register | POST /register   |
        | a user               | may     | register | POST /register   |
        | an admin             | may     | register | POST /register   |
        | an anonymous visitor | may     | sign in  | POST /api/tokens |
        | a user               | may     | sign in  | POST /api/tokens |
        | an admin             | may     | sign in  | POST /api/tokens |

  Rule: Members see each other

    Scenario Outline: <who> <verdict> <action>
      When <who> tries to <action> by <request>
      Then <who> <verdict> <action>

      Examples: looking around
        | who                  | verdict         | action     | request                    |
        | an anonymous visitor | must sign in to | list users | GET /api/users             |
        | a user               | may             | list users | GET /api/users             |
        | an admin             | may             | list users | GET /api/users             |
        | an anonymous visitor | must sign in to | see a user | GET /api/users/{id}        |
        | a user               | may             | see a user | GET /api/users/{id}        |
        | a member             | may             | see a user | GET /api/users/{id}        |
        | an admin             | may             | see a user | GET /api/users/{id}        |
        | an anonymous visitor | must sign in to | sign out   | DELETE /api/tokens/current |
        | a user               | may             | sign out   | DELETE /api/tokens/current |
        | an admin             | may             | sign out   | DELETE /api/tokens/current |

  Rule: Only an admin manages accounts, even one's own

    Scenario Outline: <who> <verdict> <action>
      When <who> tries to <action> by <request>
      Then <who> <verdict> <action>

      Examples: managing
        | who                  | verdict         | action        | request                |
        | an anonymous visitor | must sign in to | create a user | POST /api/users        |
        | a user               | may not         | create a user | POST /api/users        |
        | an admin             | may             | create a user | POST /api/users        |
        | an anonymous visitor | must sign in to | change a user | PATCH /api/users/{id}  |
        | a user               | may not         | change a user | PATCH /api/users/{id}  |
        | a member             | may not         | change a user | PATCH /api/users/{id}  |
        | an admin             | may             | change a user | PATCH /api/users/{id}  |
        | an anonymous visitor | must sign in to | delete a user | DELETE /api/users/{id} |
        | a user               | may not         | delete a user | DELETE /api/users/{id} |
        | a member             | may not         | delete a user | DELETE /api/users/{id} |
        | an admin             | may             | delete a user | DELETE /api/users/{id} |

  Rule: A suspended account cannot act, not even an admin's

    Scenario Outline: <who> <verdict> <action>
      When <who> tries to <action> by <request>
      Then <who> <verdict> <action>

      Examples: suspended
        | who               | verdict | action        | request                    |
        | a suspended admin | may not | sign in       | POST /api/tokens           |
        | a suspended admin | may not | list users    | GET /api/users             |
        | a suspended admin | may not | see a user    | GET /api/users/{id}        |
        | a suspended admin | may not | sign out      | DELETE /api/tokens/current |
        | a suspended admin | may not | create a user | POST /api/users            |
        | a suspended admin | may not | change a user | PATCH /api/users/{id}      |
        | a suspended admin | may not | delete a user | DELETE /api/users/{id}     |
