@fixture.clock
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

  Rule: What only the shop's operators can mend, they find in the log

    Scenario Outline: A customer orders while the payment provider <trouble>
      Given the payment provider <trouble>
      When Ann tries to order 2 Tea
      Then Ann is told that this is accepted for later
      And Ann's order awaits payment
      And the stock of Tea is 8
      And the operators find "The payment provider gave an answer that is not known" in the log

      Examples: our own fault
        | trouble                   |
        | does not know us          |
        | does not understand us    |
        | has moved away            |
        | declines without a reason |

  Rule: The shop's regular chores ask again, under the same key

    Scenario: The money is taken later
      Given the payment provider is being repaired
      When Ann tries to order 2 Tea
      And the payment provider is back
      And 2 minutes pass
      And the shop does its regular chores
      Then Ann's order is paid
      And the payment provider was asked four times to charge 5.00 EUR for Ann's order
      And the stock of Tea is 8
      And Ann is told by e-mail "Order confirmed"

    Scenario: The payment is declined later
      Given the payment provider is being repaired
      When Ann tries to order 2 Tea
      And the payment provider is back and declines: "the card has expired"
      And 2 minutes pass
      And the shop does its regular chores
      Then Ann's order was declined
      And the stock of Tea is 10
      And Ann is told by e-mail "Your payment was declined"
      And the e-mail says "was declined: the card has expired."
      And the e-mail says "2 × Tea, 5.00 EUR"

    Scenario: There is still no answer
      Given the payment provider is being repaired
      When Ann tries to order 2 Tea
      And 2 minutes pass
      And the shop does its regular chores
      Then Ann's order awaits payment
      And the stock of Tea is 8
      And nobody is told anything by e-mail

    Scenario: A paid order is not charged by the chores again
      Given the payment provider takes a charge only at the second try
      When Ann orders 2 Tea
      And 2 minutes pass
      And the shop does its regular chores
      Then the payment provider was asked twice to charge 5.00 EUR for Ann's order
      And Ann is told by e-mail "Order confirmed"

    Scenario: A customer's own request is not disturbed in its first minute
      Given the payment provider is being repaired
      When Ann tries to order 2 Tea
      And 59 seconds pass
      And the shop does its regular chores
      Then the payment provider was asked three times to charge 5.00 EUR for Ann's order

    Scenario: An order that was cancelled meanwhile is left alone
      Given the payment provider is being repaired
      When Ann tries to order 2 Tea
      And the payment provider is back
      And Ann cancels Ann's order
      And 2 minutes pass
      And the shop does its regular chores
      Then Ann's order is cancelled
      And the stock of Tea is 10
      And the payment provider was asked once to make the charge for Ann's order void
