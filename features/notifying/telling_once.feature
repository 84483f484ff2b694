@fixture.clock @fixture.payments
Feature: Telling things once
  The queue for background work may deliver the same work twice, or be away for a while.
  A customer is told once all the same, and no order is lost with the queue.

  Rule: Work that is delivered twice tells nobody twice

    Scenario Outline: <news> is delivered twice, and arrives once
      Given <news> for Ann is waiting to be sent
      When the background work is done
      And <news> is delivered a second time
      And the background work is done
      Then Ann is told by e-mail "<subject>"
      And nobody is told anything else by e-mail

      Examples: what is told by e-mail
        | news                     | subject                  |
        | the welcome              | Welcome!                 |
        | the order confirmation   | Order confirmed          |
        | the news of the refund   | Your refund              |
        | the news of the dispatch | Your order is on its way |

    Scenario Outline: <news> is delivered twice before the first is done, and arrives once
      Given <news> for Ann is waiting to be sent
      When <news> is delivered a second time
      And the background work is done
      Then Ann is told by e-mail "<subject>"
      And nobody is told anything else by e-mail

      Examples: what is told by e-mail
        | news                     | subject                  |
        | the welcome              | Welcome!                 |
        | the order confirmation   | Order confirmed          |
        | the news of the refund   | Your refund              |
        | the news of the dispatch | Your order is on its way |

    @services
    Scenario Outline: <news> is delivered twice at the same moment, and arrives once
      Given <news> for Ann is waiting to be sent
      When <news> is delivered a second time, and both are done at the same moment
      Then Ann is told by e-mail "<subject>"
      And nobody is told anything else by e-mail

      Examples: what is told by e-mail
        | news                     | subject                  |
        | the welcome              | Welcome!                 |
        | the order confirmation   | Order confirmed          |
        | the news of the refund   | Your refund              |
        | the news of the dispatch | Your order is on its way |

    @services
    Scenario: the news of the declined payment is delivered twice at the same moment, and arrives once
      Given the mail server is down
      And the news of the declined payment for Ann is waiting to be sent
      When the mail server is back
      And 1 hour passes
      And the news of the declined payment is delivered a second time, and both are done at the same moment
      Then Ann is told by e-mail "Your payment was declined"
      And nobody is told anything else by e-mail

    Scenario: the news of the declined payment is delivered twice, and arrives once
      Given the mail server is down
      And the news of the declined payment for Ann is waiting to be sent
      When the mail server is back
      And the news of the declined payment is delivered a second time
      And 1 hour passes
      And the background work is done
      Then Ann is told by e-mail "Your payment was declined"
      And nobody is told anything else by e-mail

  Rule: An order stands when the queue is down, and its confirmation goes out later

    Background:
      Given Ann is a member
      And the shop sells Tea at 2.50 EUR, 10 in stock
      And the queue for background work is down

    Scenario: A customer orders while the queue is down
      When Ann orders 2 Tea
      Then Ann's order is paid
      And the stock of Tea is 8
      And nothing is queued
      And nobody is told anything by e-mail

    Scenario: The shop's regular chores bring the confirmation on its way
      When Ann orders 2 Tea
      And the queue for background work is back
      And the shop does its regular chores
      Then Ann is told by e-mail "Order confirmed"
      And nobody is told anything else by e-mail

    Scenario: The next order takes the waiting confirmation along
      Given Ben is a member
      When Ann orders 2 Tea
      And the queue for background work is back
      And Ben orders 1 Tea
      And the background work is done
      Then Ann is told by e-mail "Order confirmed"
      And Ben is told by e-mail "Order confirmed"
      And nobody is told anything else by e-mail

    Scenario: The regular chores, done twice, tell a customer once
      When Ann orders 2 Tea
      And the queue for background work is back
      And the shop does its regular chores
      And the shop does its regular chores
      Then Ann is told by e-mail "Order confirmed"
      And nobody is told anything else by e-mail
