@critical @fixture.payments
Feature: Refunding orders
  An admin gives money back: all of it, or a part.
  All that is given back of an order never adds up to more than was paid,
  and the customer is told of each refund.

  Background:
    Given Ann is a member
    And Ben is a member
    And the shop sells Tea at 2.50 EUR, 10 in stock
    And these orders
      | customer | pieces | product | state        |
      | Ben      | 1      | Tea     | was declined |
      | Ben      | 2      | Tea     | was declined |
      | Ben      | 3      | Tea     | was declined |
    And Ann has an order of 4 Tea that is paid

  Rule: An admin gives back all that is left, or a part of it

    Scenario: All is given back
      When an admin gives all that is left of Ann's order back
      Then an admin is shown
        | customer | total     | given back | state       |
        | Ann      | 10.00 EUR | 10.00 EUR  | is refunded |
      And the payment provider was asked once to give 10.00 EUR of Ann's order back
      And the news of the refund is queued for Ann's refund

    Scenario: A part is given back
      When an admin gives 2.50 EUR of Ann's order back
      Then an admin is shown
        | customer | total     | given back | state   |
        | Ann      | 10.00 EUR | 2.50 EUR   | is paid |
      And the payment provider was asked once to give 2.50 EUR of Ann's order back
      And the news of the refund is queued for Ann's refund

    Scenario: A refund leaves the shelf alone
      When an admin gives all that is left of Ann's order back
      Then the stock of Tea is 10
      And the news of the refund is queued for Ann's refund

    Scenario: The customer sees what was given back
      When an admin gives 2.50 EUR of Ann's order back
      And Ann looks at Ann's order
      Then Ann is shown
        | total     | given back | state   |
        | 10.00 EUR | 2.50 EUR   | is paid |
      And the news of the refund is queued for Ann's refund

  Rule: Refunds add up to what was paid, and never to more

    Scenario Outline: After <before>, another <more> brings it to <sum>: the order <state>
      Given <before> of Ann's order has been given back before
      When an admin gives <more> of Ann's order back
      Then <sum> of Ann's order has been given back
      And Ann's order <state>
      And the news of the refund is queued for Ann's refund

      Examples: refunds that add up
        | before   | more     | sum       | state       |
        | 0.01 EUR | 0.01 EUR | 0.02 EUR  | is paid     |
        | 2.50 EUR | 2.50 EUR | 5.00 EUR  | is paid     |
        | 9.98 EUR | 0.01 EUR | 9.99 EUR  | is paid     |
        | 9.99 EUR | 0.01 EUR | 10.00 EUR | is refunded |
        | 2.50 EUR | 7.50 EUR | 10.00 EUR | is refunded |

    Scenario: What is left is given back after a part
      Given 2.50 EUR of Ann's order has been given back before
      When an admin gives all that is left of Ann's order back
      Then the payment provider was asked once to give 7.50 EUR of Ann's order back
      And Ann's order is refunded
      And the news of the refund is queued for Ann's refund

    Scenario: The same amount twice is two refunds
      When an admin gives 2.50 EUR of Ann's order back
      And an admin gives 2.50 EUR of Ann's order back
      Then 5.00 EUR of Ann's order has been given back
      And the news of the refund is queued twice

  Rule: A refund that is sent again on the same slip is given once

    Scenario: The same slip is sent twice
      When an admin gives 2.50 EUR of Ann's order back on the slip "R-5"
      And an admin gives 2.50 EUR of Ann's order back on the slip "R-5"
      Then an admin succeeds
      And nothing has changed
      And 2.50 EUR of Ann's order has been given back
      And the news of the refund is queued for Ann's refund

    Scenario: A refund is sent again after the answer got lost
      Given the payment provider is too slow
      When an admin tries to give 2.50 EUR of Ann's order back
      Then an admin is told that this is unavailable
      When the payment provider is back
      And an admin gives 2.50 EUR of Ann's order back
      Then 2.50 EUR of Ann's order has been given back
      And the payment provider was asked four times to give 2.50 EUR of Ann's order back
      And the news of the refund is queued for Ann's refund
