@fixture.payments
Feature: Trying to cancel orders that cannot be
  What was declined, cancelled or refunded before is settled, and stays so.
  And without an answer from the payment provider nobody knows where the money is:
  then nothing is cancelled, and the customer is asked to come back.

  Background:
    Given Ann is a member
    And the shop sells Tea at 2.50 EUR, 10 in stock

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
      Then Ann is told that this is unavailable
      When the payment provider is back
      And Ann cancels Ann's order
      Then Ann's order is cancelled
      And the payment provider was asked four times to give 5.00 EUR of Ann's order back
