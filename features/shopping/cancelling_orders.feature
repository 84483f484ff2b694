@critical @fixture.payments
Feature: Cancelling orders
  Customers may change their mind.
  Then they get their money back, and the goods return to the shelf for others.

  Background:
    Given Ann is a member
    And the shop sells Tea at 2.50 EUR, 10 in stock

  Rule: A cancelled order gives the money back and the goods return to the shelf

    Scenario: A paid order is cancelled
      Given Ann has an order of 2 Tea that is paid
      When Ann cancels Ann's order
      Then Ann is shown
        | product | pieces | total    | given back | state        |
        | Tea     | 2      | 5.00 EUR | 5.00 EUR   | is cancelled |
      And the stock of Tea is 12
      And the payment provider was asked once to give 5.00 EUR of Ann's order back

    Scenario: An order that awaits its payment is cancelled before anything is charged
      Given Ann has an order of 2 Tea that awaits payment
      When Ann cancels Ann's order
      Then Ann succeeds
      And Ann's order is cancelled
      And the stock of Tea is 12
      And the payment provider was asked once to make the charge for Ann's order void
      And 0.00 EUR of Ann's order has been given back

    Scenario: Of a partly refunded order, only the rest is given back
      Given Ann has an order of 2 Tea that is paid
      And 2.00 EUR of Ann's order has been given back before
      When Ann cancels Ann's order
      Then Ann's order is cancelled
      And the payment provider was asked once to give 3.00 EUR of Ann's order back
      And 5.00 EUR of Ann's order has been given back

    Scenario: An order is cancelled after its product went off sale
      Given Ann has an order of 2 Tea that is paid
      When an admin takes Tea off sale
      And Ann cancels Ann's order
      Then Ann's order is cancelled
      And the payment provider was asked once to give 5.00 EUR of Ann's order back

    Scenario: What is cancelled can be bought by the next customer
      Given Ben is a member
      And the shop sells Honey at 6.00 EUR, 0 in stock
      And Ann has an order of 1 Honey that is paid
      When Ann cancels Ann's order
      And Ben orders 1 Honey
      Then Ben succeeds
      And the stock of Honey is 0
      And the order confirmation is queued for Ben's order

  Rule: Only an order that is paid or awaits its payment can be cancelled

    Scenario Outline: An order that <state> cannot be cancelled
      Given Ann has an order of 2 Tea that <state>
      When Ann tries to cancel Ann's order
      Then Ann is told that this is in conflict
      And the reason given is "Only an order that is paid or awaits its payment can be cancelled."
      And nothing has changed

      Examples: too late
        | state        |
        | was declined |
        | is cancelled |
        | is refunded  |

    Scenario: Cancelling twice gives the money back once
      Given Ann has an order of 2 Tea that is paid
      When Ann cancels Ann's order
      And Ann tries to cancel Ann's order
      Then Ann is told that this is in conflict
      And nothing has changed
      And the stock of Tea is 12

  Rule: An order is cancelled by its customer or an admin, and nobody else

    Scenario: An admin cancels a customer's order
      Given Ann has an order of 2 Tea that is paid
      When an admin cancels Ann's order
      Then an admin succeeds
      And Ann's order is cancelled

    Scenario: Another customer tries to cancel an order
      Given Ben is a member
      And Ann has an order of 2 Tea that is paid
      When Ben tries to cancel Ann's order
      Then Ben is told that this does not exist
      And nothing has changed

  Rule: Without an answer from the payment provider, nothing is cancelled

    Scenario Outline: An order that <state> is cancelled while the payment provider <trouble>
      Given Ann has an order of 2 Tea that <state>
      And the payment provider <trouble>
      When Ann tries to cancel Ann's order
      Then Ann is told that this is unavailable
      And the reason given is "The payment provider does not answer. Nothing has changed."
      And Ann is told to come back in <pause>
      And nothing in the shop has changed

      Examples: no answer
        | state          | trouble              | pause       |
        | is paid        | is too slow          | 30 seconds  |
        | is paid        | is being repaired    | 120 seconds |
        | is paid        | asks us to slow down | 7 seconds   |
        | is paid        | answers nonsense     | 30 seconds  |
        | awaits payment | is too slow          | 30 seconds  |
        | awaits payment | answers nonsense     | 30 seconds  |

    Scenario: An order is cancelled again after the answer got lost
      Given Ann has an order of 2 Tea that is paid
      And the payment provider is too slow
      When Ann tries to cancel Ann's order
      And the payment provider is back
      And Ann cancels Ann's order
      Then Ann's order is cancelled
      And the payment provider was asked four times to give 5.00 EUR of Ann's order back
