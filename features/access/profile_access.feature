@furnish_once
Feature: Who may do what with profiles and avatars
  A profile is its owner's own: there is no way to name somebody else's.
  Avatars are shown to members, not to the whole world.

  Background:
    Given a shop with a member, a product, an order and a post

  Rule: Members keep their own profile

    Scenario Outline: <who> <verdict> <action>
      When <who> tries to <action> by <request>
      Then <who> <verdict> <action>

      Examples: one's own profile
        | who                  | verdict         | action                   | request            |
        | an anonymous visitor | must sign in to | see one's own profile    | GET /api/profile   |
        | a user               | may             | see one's own profile    | GET /api/profile   |
        | an admin             | may             | see one's own profile    | GET /api/profile   |
        | an anonymous visitor | must sign in to | change one's own profile | PATCH /api/profile |
        | a user               | may             | change one's own profile | PATCH /api/profile |
        | an admin             | may             | change one's own profile | PATCH /api/profile |

  Rule: Members keep their own avatar, and see those of others

    Scenario Outline: <who> <verdict> <action>
      When <who> tries to <action> by <request>
      Then <who> <verdict> <action>

      Examples: avatars
        | who                  | verdict         | action                  | request                    |
        | an anonymous visitor | must sign in to | upload an avatar        | POST /api/profile/avatar   |
        | a user               | may             | upload an avatar        | POST /api/profile/avatar   |
        | an admin             | may             | upload an avatar        | POST /api/profile/avatar   |
        | an anonymous visitor | must sign in to | remove one's own avatar | DELETE /api/profile/avatar |
        | a user               | may             | remove one's own avatar | DELETE /api/profile/avatar |
        | an admin             | may             | remove one's own avatar | DELETE /api/profile/avatar |
        | an anonymous visitor | must sign in to | see an avatar           | GET /api/users/{id}/avatar |
        | a user               | may             | see an avatar           | GET /api/users/{id}/avatar |
        | a member             | may             | see an avatar           | GET /api/users/{id}/avatar |
        | an admin             | may             | see an avatar           | GET /api/users/{id}/avatar |

  Rule: A suspended account cannot act, not even an admin's

    Scenario Outline: <who> <verdict> <action>
      When <who> tries to <action> by <request>
      Then <who> <verdict> <action>

      Examples: suspended
        | who               | verdict | action                   | request                    |
        | a suspended admin | may not | see one's own profile    | GET /api/profile           |
        | a suspended admin | may not | change one's own profile | PATCH /api/profile         |
        | a suspended admin | may not | upload an avatar         | POST /api/profile/avatar   |
        | a suspended admin | may not | remove one's own avatar  | DELETE /api/profile/avatar |
        | a suspended admin | may not | see an avatar            | GET /api/users/{id}/avatar |
