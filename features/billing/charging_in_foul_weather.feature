Feature: Charging when the payment provider gives no answer
  Nobody knows yet whether the money was taken, so the shop neither gives up nor charges twice:
  it holds the goods, tells the customer that the order awaits its payment,
  and asks again later under the same key.

  Background:
    Given Ann is a member
    And the shop sells Tea at 2.50 EUR, 10 in stock

  Rule: Without an answer the order awaits its payment and holds its goods

    Scenario Outline: A customer orders while the payment provider <trouble>
      Given the payment provider <trouble>
      When Ann tries to order 2 Tea
      Then Ann is told that this is accepted for later
      And Ann's order awaits payment
      And the stock of Tea is 8
      And the payment provider was asked <times> to charge 5.00 EUR for Ann's order
      And nothing is queued

      Examples: tried again at once
        | trouble                | times       |
        | is too slow            | three times |
        | cannot be reached      | three times |
        | has a fault of its own | three times |
        | is being repaired      | three times |

      Examples: not tried again at once
        | trouble                     | times |
        | asks us to slow down        | once  |
        | answers nonsense            | once  |
        | answers with a list         | once  |
        | gives no number             | once  |
        | gives a number that is none | once  |
        | gives an endless number     | once  |
        | never stops talking         | once  |
        | sends us elsewhere          | once  |

  Rule: An order stands before its money is asked for, so that it is not lost with the answer

    # Such a fault is put into the shop's own process; no answer from outside brings it about.
    @embedded
    Scenario: The shop stumbles while it asks for the money
      Given the shop stumbles while it asks for the money
      When Ann tries to order 2 Tea
      Then Ann is told that it is the shop's own fault, and no more
      And Ann has one order
      And the stock of Tea is 8
      And the operators find "Exception on" in the log

  Rule: What only the shop's operators can mend, they find in the log

    Scenario Outline: A customer orders while the payment provider <trouble>
      Given the payment provider <trouble>
      When Ann tries to order 2 Tea
      Then Ann is told that this is accepted for later
      And Ann's order awaits payment
      And the stock of Tea is 8
      And the payment provider was asked once to charge 5.00 EUR for Ann's order
      And the operators read "The payment provider gave an answer that is not known: POST /charges: <status>" in the log

      Examples: our own fault
        | trouble                   | status |
        | does not know us          | 401    |
        | does not understand us    | 400    |
        | does not like us          | 499    |
        | has moved away            | 404    |
        | declines without a reason | 402    |
