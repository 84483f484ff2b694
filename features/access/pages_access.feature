@furnish_once
Feature: Who may do what on the pages
  The pages keep the same promises as the interface for programs.
  Whoever has to sign in is led to the page for it.

  Background:
    Given a shop with a member, a product, an order and a post

  Rule: Everybody may look around, join and sign in

    Scenario Outline: <who> <verdict> <action>
      When <who> tries to <action> by <request>
      Then <who> <verdict> <action>

      Examples: open to everybody
        | who                  | verdict | action                   | request                |
        | an anonymous visitor | may     | see the shop             | GET /                  |
        | a user               | may     | see the shop             | GET /                  |
        | an admin             | may     | see the shop             | GET /                  |
        | an anonymous visitor | may     | see the form to register | GET /sign-up           |
        | a user               | may     | see the form to register | GET /sign-up           |
        | an admin             | may     | see the form to register | GET /sign-up           |
        | an anonymous visitor | may     | register on a page       | POST /sign-up          |
        | a user               | may     | register on a page       | POST /sign-up          |
        | an admin             | may     | register on a page       | POST /sign-up          |
        | an anonymous visitor | may     | see the form to sign in  | GET /sign-in           |
        | a user               | may     | see the form to sign in  | GET /sign-in           |
        | an admin             | may     | see the form to sign in  | GET /sign-in           |
        | an anonymous visitor | may     | sign in on a page        | POST /sign-in          |
        | a user               | may     | sign in on a page        | POST /sign-in          |
        | an admin             | may     | sign in on a page        | POST /sign-in          |
        | an anonymous visitor | may     | see how the pages look   | GET /static/{filename} |
        | a user               | may     | see how the pages look   | GET /static/{filename} |
        | an admin             | may     | see how the pages look   | GET /static/{filename} |

  Rule: Members have a dashboard, and order

    Scenario Outline: <who> <verdict> <action>
      When <who> tries to <action> by <request>
      Then <who> <verdict> <action>

      Examples: one's own
        | who                  | verdict         | action                     | request                         |
        | an anonymous visitor | must sign in to | order on a page            | POST /orders                    |
        | a user               | may             | order on a page            | POST /orders                    |
        | an admin             | may             | order on a page            | POST /orders                    |
        | an anonymous visitor | must sign in to | see one's own dashboard    | GET /dashboard                  |
        | a user               | may             | see one's own dashboard    | GET /dashboard                  |
        | an admin             | may             | see one's own dashboard    | GET /dashboard                  |
        | an anonymous visitor | must sign in to | choose one's own city      | POST /dashboard/city            |
        | a user               | may             | choose one's own city      | POST /dashboard/city            |
        | an admin             | may             | choose one's own city      | POST /dashboard/city            |
        | an anonymous visitor | must sign in to | see one's own picture      | GET /dashboard/picture          |
        | a user               | may             | see one's own picture      | GET /dashboard/picture          |
        | an admin             | may             | see one's own picture      | GET /dashboard/picture          |
        | an anonymous visitor | must sign in to | upload a picture on a page | POST /dashboard/picture         |
        | a user               | may             | upload a picture on a page | POST /dashboard/picture         |
        | an admin             | may             | upload a picture on a page | POST /dashboard/picture         |
        | an anonymous visitor | must sign in to | remove one's own picture   | POST /dashboard/picture/removal |
        | a user               | may             | remove one's own picture   | POST /dashboard/picture/removal |
        | an admin             | may             | remove one's own picture   | POST /dashboard/picture/removal |
        | an anonymous visitor | must sign in to | sign out on a page         | POST /sign-out                  |
        | a user               | may             | sign out on a page         | POST /sign-out                  |
        | an admin             | may             | sign out on a page         | POST /sign-out                  |

  Rule: Only an admin sees everybody's

    Scenario Outline: <who> <verdict> <action>
      When <who> tries to <action> by <request>
      Then <who> <verdict> <action>

      Examples: the shop's books
        | who                  | verdict         | action                          | request                      |
        | an anonymous visitor | must sign in to | see all users and orders        | GET /admin                   |
        | a user               | may not         | see all users and orders        | GET /admin                   |
        | an admin             | may             | see all users and orders        | GET /admin                   |
        | an anonymous visitor | must sign in to | mark an order as sent on a page | POST /admin/orders/{id}/sent |
        | a user               | may not         | mark an order as sent on a page | POST /admin/orders/{id}/sent |
        | an admin             | may             | mark an order as sent on a page | POST /admin/orders/{id}/sent |

  Rule: A suspended account cannot act, not even an admin's

    Scenario Outline: <who> <verdict> <action>
      When <who> tries to <action> by <request>
      Then <who> <verdict> <action>

      Examples: suspended
        | who               | verdict | action                          | request                         |
        | a suspended admin | may not | sign in on a page               | POST /sign-in                   |
        | a suspended admin | may not | order on a page                 | POST /orders                    |
        | a suspended admin | may not | see one's own dashboard         | GET /dashboard                  |
        | a suspended admin | may not | choose one's own city           | POST /dashboard/city            |
        | a suspended admin | may not | see one's own picture           | GET /dashboard/picture          |
        | a suspended admin | may not | upload a picture on a page      | POST /dashboard/picture         |
        | a suspended admin | may not | remove one's own picture        | POST /dashboard/picture/removal |
        | a suspended admin | may not | sign out on a page              | POST /sign-out                  |
        | a suspended admin | may not | see all users and orders        | GET /admin                      |
        | a suspended admin | may not | mark an order as sent on a page | POST /admin/orders/{id}/sent    |
