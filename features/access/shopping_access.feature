@furnish_once
Feature: Who may do what with products and orders
  The shop window is open to everybody, ordering is for members.
  An order is between the customer and the shop:
  for anybody else it does not exist.

  Background:
    Given a shop with a member, a product, an order and a post

  Rule: The shop window is open to everybody

    Scenario Outline: <who> <verdict> <action>
      When <who> tries to <action> by <request>
      Then <who> <verdict> <action>

      Examples: looking
        | who                  | verdict | action        | request                |
        | an anonymous visitor | may     | list products | GET /api/products      |
        | a user               | may     | list products | GET /api/products      |
        | an admin             | may     | list products | GET /api/products      |
        | an anonymous visitor | may     | see a product | GET /api/products/{id} |
        | a user               | may     | see a product | GET /api/products/{id} |
        | an admin             | may     | see a product | GET /api/products/{id} |

  Rule: Only an admin keeps the catalogue

    Scenario Outline: <who> <verdict> <action>
      When <who> tries to <action> by <request>
      Then <who> <verdict> <action>

      Examples: the catalogue
        | who                  | verdict         | action           | request                   |
        | an anonymous visitor | must sign in to | add a product    | POST /api/products        |
        | a user               | may not         | add a product    | POST /api/products        |
        | an admin             | may             | add a product    | POST /api/products        |
        | an anonymous visitor | must sign in to | change a product | PATCH /api/products/{id}  |
        | a user               | may not         | change a product | PATCH /api/products/{id}  |
        | an admin             | may             | change a product | PATCH /api/products/{id}  |
        | an anonymous visitor | must sign in to | delete a product | DELETE /api/products/{id} |
        | a user               | may not         | delete a product | DELETE /api/products/{id} |
        | an admin             | may             | delete a product | DELETE /api/products/{id} |

  Rule: Members order

    Scenario Outline: <who> <verdict> <action>
      When <who> tries to <action> by <request>
      Then <who> <verdict> <action>

      Examples: ordering
        | who                  | verdict         | action         | request          |
        | an anonymous visitor | must sign in to | place an order | POST /api/orders |
        | a user               | may             | place an order | POST /api/orders |
        | an admin             | may             | place an order | POST /api/orders |
        | an anonymous visitor | must sign in to | list orders    | GET /api/orders  |
        | a user               | may             | list orders    | GET /api/orders  |
        | an admin             | may             | list orders    | GET /api/orders  |

  Rule: An order does not exist for other customers

    Scenario Outline: <who> <verdict> <action>
      When <who> tries to <action> by <request>
      Then <who> <verdict> <action>

      Examples: one order
        | who                  | verdict                      | action          | request                      |
        | an anonymous visitor | must sign in to              | see an order    | GET /api/orders/{id}         |
        | a user               | finds nothing when trying to | see an order    | GET /api/orders/{id}         |
        | the customer         | may                          | see an order    | GET /api/orders/{id}         |
        | an admin             | may                          | see an order    | GET /api/orders/{id}         |
        | an anonymous visitor | must sign in to              | cancel an order | POST /api/orders/{id}/cancel |
        | a user               | finds nothing when trying to | cancel an order | POST /api/orders/{id}/cancel |
        | the customer         | may                          | cancel an order | POST /api/orders/{id}/cancel |
        | an admin             | may                          | cancel an order | POST /api/orders/{id}/cancel |

  Rule: Only an admin says that an order is sent

    Scenario Outline: <who> <verdict> <action>
      When <who> tries to <action> by <request>
      Then <who> <verdict> <action>

      Examples: sending
        | who                  | verdict         | action                | request                    |
        | an anonymous visitor | must sign in to | mark an order as sent | POST /api/orders/{id}/send |
        | a user               | may not         | mark an order as sent | POST /api/orders/{id}/send |
        | the customer         | may not         | mark an order as sent | POST /api/orders/{id}/send |
        | an admin             | may             | mark an order as sent | POST /api/orders/{id}/send |

  Rule: Only an admin gives money back

    Scenario Outline: <who> <verdict> <action>
      When <who> tries to <action> by <request>
      Then <who> <verdict> <action>

      Examples: refunds
        | who                  | verdict         | action          | request                      |
        | an anonymous visitor | must sign in to | refund an order | POST /api/orders/{id}/refund |
        | a user               | may not         | refund an order | POST /api/orders/{id}/refund |
        | the customer         | may not         | refund an order | POST /api/orders/{id}/refund |
        | an admin             | may             | refund an order | POST /api/orders/{id}/refund |

  Rule: A suspended account cannot act, not even an admin's

    Scenario Outline: <who> <verdict> <action>
      When <who> tries to <action> by <request>
      Then <who> <verdict> <action>

      Examples: suspended
        | who               | verdict | action                | request                      |
        | a suspended admin | may not | add a product         | POST /api/products           |
        | a suspended admin | may not | change a product      | PATCH /api/products/{id}     |
        | a suspended admin | may not | delete a product      | DELETE /api/products/{id}    |
        | a suspended admin | may not | place an order        | POST /api/orders             |
        | a suspended admin | may not | list orders           | GET /api/orders              |
        | a suspended admin | may not | see an order          | GET /api/orders/{id}         |
        | a suspended admin | may not | cancel an order       | POST /api/orders/{id}/cancel |
        | a suspended admin | may not | refund an order       | POST /api/orders/{id}/refund |
        | a suspended admin | may not | mark an order as sent | POST /api/orders/{id}/send   |
