@critical @fixture.payments
Feature: Sending orders
  An admin says when the goods have left the shop.
  The customer hears of it by e-mail, and can no longer cancel.

  Background:
    Given Ann is a member
    And the shop sells Tea at 2.50 EUR, 10 in stock

  Rule: The customer is told that an order is sent

    Background:
      Given Ann has an order of 2 Tea that is paid

    Scenario: An admin marks an order as sent
      When an admin marks Ann's order as sent
      Then an admin is shown when Ann's order was sent
      And Ann's order is paid
      And the stock of Tea is 10
      And the news of the dispatch is queued for Ann's order

    Scenario: The customer is told by e-mail
      When an admin marks Ann's order as sent
      And the background work is done
      Then Ann is told by e-mail "Your order is on its way"
      And the whole e-mail about Ann's order says
        """
        Hello Ann,

        your order [number] is on its way to you:

        2 × Tea, 5.00 EUR

        Corner Shop
        """

    Scenario: The customer looks the order up
      Given Ann's order has been sent before
      When Ann looks at Ann's order
      Then Ann is shown when Ann's order was sent

  Rule: Only a paid order is sent, and once

    Scenario Outline: An order that <state> cannot be sent
      Given Ann has an order of 2 Tea that <state>
      When an admin tries to mark Ann's order as sent
      Then an admin is told that this is in conflict
      And the reason given is "Only a paid order can be sent."
      And nothing has changed

      Examples: not paid, or not any more
        | state          |
        | awaits payment |
        | was declined   |
        | is cancelled   |
        | is refunded    |

    Scenario: An order that was sent is not sent again
      Given Ann has an order of 2 Tea that is paid
      And Ann's order has been sent before
      When an admin tries to mark Ann's order as sent
      Then an admin is told that this is in conflict
      And the reason given is "This order has been sent already."
      And nothing has changed

    Scenario: An order that never was cannot be sent
      When an admin tries to mark an order as sent that never was
      Then an admin is told that this does not exist
      And nothing has changed

  Rule: What was sent can no longer be cancelled, but its money can be given back

    Background:
      Given Ann has an order of 1 Tea that is paid
      And Ann has an order of 2 Tea that is paid
      And Ann's order has been sent before

    Scenario Outline: <who> cannot cancel an order that was sent
      When <who> tries to cancel Ann's order
      Then <who> is told that this is in conflict
      And the reason given is "This order has been sent and can no longer be cancelled."
      And nothing has changed

      Examples: not even for an admin
        | who      |
        | Ann      |
        | an admin |

    Scenario: The money of an order that was sent is given back
      When an admin gives all that is left of Ann's order back
      Then Ann's order is refunded
      And Ann's order has been sent
      And 5.00 EUR of Ann's order has been given back
      And the payment provider was asked once to give 5.00 EUR of Ann's order back
      And the news of the refund is queued for Ann's refund
