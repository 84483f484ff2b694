Feature: Nobody sets what is not theirs to set
  Whoever may change a thing may change what is offered, and no more.
  A field that is not offered is refused by name, even to an admin.

  Rule: What is not offered is refused

    Scenario Outline: <field> cannot be slipped in where it is not offered
      Given a shop with a member, a product, an order and a post
      But it is offered here
        | field       | request                  |
        | role        | POST /api/users          |
        | role        | PATCH /api/users/{id}    |
        | is_active   | PATCH /api/users/{id}    |
        | price_cents | POST /api/products       |
        | price_cents | PATCH /api/products/{id} |
        | product_id  | POST /api/orders         |
        | product_id  | POST /orders             |
      When an admin tries to set <field> to <value> in everything that is written
      Then it is refused by name wherever it is not offered, and nothing has changed

      Examples: who somebody is
        | field         | value                |
        | id            | 1                    |
        | user_id       | 1                    |
        | role          | admin                |
        | is_active     | true                 |
        | password_hash | secret               |
        | created_at    | 2020-01-01T00:00:00Z |

      Examples: whose it is and what it costs
        | field            | value |
        | author_id        | 1     |
        | product_id       | 1     |
        | price            | 1     |
        | price_cents      | 1     |
        | unit_price_cents | 1     |
        | total            | 1     |
        | total_cents      | 1     |
        | refunded_cents   | 1     |
        | status           | paid  |
        | charge_id        | ch_1  |
