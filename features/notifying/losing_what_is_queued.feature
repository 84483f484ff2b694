@fixture.clock @fixture.payments
Feature: Losing what is queued
  The queue for background work may come back without what it had, as when another one takes its place.
  What a customer has to know is queued again, and told once.

  Rule: What the queue loses is queued again ten minutes later

    Scenario Outline: <news> is lost with the queue, and arrives once
      Given <news> for Ann is waiting to be sent
      When the queue for background work loses all that it had
      And 10 minutes pass
      And the shop does its regular chores
      And the shop does its regular chores
      Then Ann is told by e-mail "<subject>"
      And nobody is told anything else by e-mail

      Examples: what is told by e-mail
        | news                     | subject                  |
        | the welcome              | Welcome!                 |
        | the order confirmation   | Order confirmed          |
        | the news of the refund   | Your refund              |
        | the news of the dispatch | Your order is on its way |

    Scenario: What is on its way is not queued again before
      Given the order confirmation for Ann is waiting to be sent
      When the queue for background work loses all that it had
      And 9 minutes pass
      And the shop does its regular chores
      Then nobody is told anything by e-mail
