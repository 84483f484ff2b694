@furnish_once
Feature: Who may do what with posts
  The community is for members: they read and write posts.
  What somebody wrote is theirs, so that nobody else puts words into their mouth.
  An admin may step in.

  Background:
    Given a shop with a member, a product, an order and a post

  Rule: Members read and write

    Scenario Outline: <who> <verdict> <action>
      When <who> tries to <action> by <request>
      Then <who> <verdict> <action>

      Examples: reading and writing
        | who                  | verdict         | action                   | request                   |
        | an anonymous visitor | must sign in to | list posts               | GET /api/posts            |
        | a user               | may             | list posts               | GET /api/posts            |
        | an admin             | may             | list posts               | GET /api/posts            |
        | an anonymous visitor | must sign in to | read a post              | GET /api/posts/{id}       |
        | a user               | may             | read a post              | GET /api/posts/{id}       |
        | the author           | may             | read a post              | GET /api/posts/{id}       |
        | an admin             | may             | read a post              | GET /api/posts/{id}       |
        | an anonymous visitor | must sign in to | list the posts of a user | GET /api/users/{id}/posts |
        | a user               | may             | list the posts of a user | GET /api/users/{id}/posts |
        | a member             | may             | list the posts of a user | GET /api/users/{id}/posts |
        | an admin             | may             | list the posts of a user | GET /api/users/{id}/posts |
        | an anonymous visitor | must sign in to | publish a post           | POST /api/posts           |
        | a user               | may             | publish a post           | POST /api/posts           |
        | an admin             | may             | publish a post           | POST /api/posts           |

  Rule: Only the author or an admin changes a post

    Scenario Outline: <who> <verdict> <action>
      When <who> tries to <action> by <request>
      Then <who> <verdict> <action>

      Examples: changing
        | who                  | verdict         | action        | request                |
        | an anonymous visitor | must sign in to | change a post | PATCH /api/posts/{id}  |
        | a user               | may not         | change a post | PATCH /api/posts/{id}  |
        | the author           | may             | change a post | PATCH /api/posts/{id}  |
        | an admin             | may             | change a post | PATCH /api/posts/{id}  |
        | an anonymous visitor | must sign in to | delete a post | DELETE /api/posts/{id} |
        | a user               | may not         | delete a post | DELETE /api/posts/{id} |
        | the author           | may             | delete a post | DELETE /api/posts/{id} |
        | an admin             | may             | delete a post | DELETE /api/posts/{id} |

  Rule: A suspended account cannot act, not even an admin's

    Scenario Outline: <who> <verdict> <action>
      When <who> tries to <action> by <request>
      Then <who> <verdict> <action>

      Examples: suspended
        | who               | verdict | action                   | request                   |
        | a suspended admin | may not | list posts               | GET /api/posts            |
        | a suspended admin | may not | read a post              | GET /api/posts/{id}       |
        | a suspended admin | may not | list the posts of a user | GET /api/users/{id}/posts |
        | a suspended admin | may not | publish a post           | POST /api/posts           |
        | a suspended admin | may not | change a post            | PATCH /api/posts/{id}     |
        | a suspended admin | may not | delete a post            | DELETE /api/posts/{id}    |
