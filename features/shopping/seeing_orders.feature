Feature: Seeing orders
  Customers see their own orders, the newest first.
  Another customer's order does not exist for them, so that nobody learns who bought what.
  An admin sees every order and who placed it.

  Background:
    Given Ann is a member
    And Ben is a member
    And the shop sells Tea at 2.50 EUR, 10 in stock
    And the shop sells Honey at 6.00 EUR, 10 in stock
    And these orders
      | customer | pieces | product | state          |
      | Ann      | 1      | Tea     | is paid        |
      | Ben      | 4      | Honey   | is paid        |
      | Ann      | 2      | Honey   | was declined   |
      | Ann      | 3      | Tea     | awaits payment |

  Rule: Customers see their own orders, the newest first

    Scenario: A customer lists her orders
      When Ann lists the orders
      Then Ann is shown
        | product | pieces | total     | state          |
        | Tea     | 3      | 7.50 EUR  | awaits payment |
        | Honey   | 2      | 12.00 EUR | was declined   |
        | Tea     | 1      | 2.50 EUR  | is paid        |

    Scenario: A customer who has ordered nothing lists their orders
      Given Cleo is a member
      When Cleo lists the orders
      Then Cleo is shown nothing

    Scenario: A customer looks at one of her orders
      When Ann looks at Ann's order
      Then Ann is shown
        | product | pieces | price    | total    | state          |
        | Tea     | 3      | 2.50 EUR | 7.50 EUR | awaits payment |

    Scenario: A customer's list of orders is held as recorded
      When Ben lists the orders
      Then the answer is as recorded

    Scenario: Orders come in pages
      When Ann lists page 2 of the orders, 2 at a time
      Then Ann is shown page 2 of 2, with 1 of 3 in all

  Rule: Orders can be listed by what became of them

    Scenario Outline: A customer lists every order that <state>
      When Ann lists every order that <state>
      Then Ann is shown
        | product   | pieces   | state   |
        | <product> | <pieces> | <state> |

      Examples: states
        | state          | product | pieces |
        | is paid        | Tea     | 1      |
        | was declined   | Honey   | 2      |
        | awaits payment | Tea     | 3      |

    Scenario Outline: A customer lists every order that <state>, and there is none
      When Ann lists every order that <state>
      Then Ann is shown nothing

      Examples: other states
        | state        |
        | is cancelled |
        | is refunded  |

    Scenario: A customer asks for a state that no order can have
      When Ann tries to list every order in the state "lost"
      Then Ann is told that this is invalid
      And the fault is in the status: "The status must be awaiting_payment, paid, declined, cancelled or refunded."

  Rule: Another customer's order does not exist

    Scenario: A customer tries to look at somebody else's order
      When Ben tries to look at Ann's order
      Then Ben is told that this does not exist
      And the reason given is "There is no such order."

    Scenario: Somebody else's order is refused like one that never was
      When Ben tries to look at an order that never was
      Then Ben is told that this does not exist
      And the reason given is "There is no such order."

  Rule: An admin sees every order, and whose it is

    Scenario: An admin lists the orders
      When an admin lists the orders
      Then an admin is shown
        | customer | product | pieces |
        | Ann      | Tea     | 3      |
        | Ann      | Honey   | 2      |
        | Ben      | Honey   | 4      |
        | Ann      | Tea     | 1      |

    Scenario: An order as an admin sees it is held as recorded
      When an admin looks at Ann's order
      Then the answer is as recorded
