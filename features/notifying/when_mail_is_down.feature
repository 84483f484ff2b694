@fixture.clock @fixture.payments
Feature: News when the mail server is down
  What a customer has to know is not lost because the mail server is away.
  The shop tries again, with growing pauses, for a day;
  then its operators have to look.

  Rule: A mail that could not be sent is tried again, with growing pauses

    Scenario Outline: After <tries> in vain, the next comes <pause> later
      Given Ann is a member
      And the shop sells Tea at 2.50 EUR, 10 in stock
      And the mail server is down
      When Ann orders 2 Tea
      And the background work is tried <tries>
      Then the order confirmation is tried again in <pause>
      And nobody is told anything by e-mail

      Examples: growing pauses
        | tries       | pause      |
        | one time    | 1 minute   |
        | two times   | 2 minutes  |
        | three times | 4 minutes  |
        | four times  | 8 minutes  |
        | five times  | 16 minutes |
        | six times   | 32 minutes |
        | seven times | 1 hour     |
        | eight times | 1 hour     |

    Scenario: A mail is not tried before its time
      Given the mail server is down
      And the order confirmation for Ann is waiting to be sent
      When the background work is done
      And the mail server is back
      And 59 seconds pass
      And the background work is done
      Then the order confirmation is tried again in 1 second
      And nobody is told anything by e-mail

    Scenario Outline: <news> arrives once when the mail server is back
      Given the mail server is down
      And <news> for Ann is waiting to be sent
      When the background work is done
      And the mail server is back
      And 1 hour passes
      And the background work is done
      Then Ann is told by e-mail "<subject>"
      And nobody is told anything else by e-mail
      And nothing is queued

      Examples: all that is told by e-mail
        | news                             | subject                   |
        | the welcome                      | Welcome!                  |
        | the order confirmation           | Order confirmed           |
        | the news of the refund           | Your refund               |
        | the news of the dispatch         | Your order is on its way  |
        | the news of the declined payment | Your payment was declined |

  Rule: After a day in vain the operators find it in the log

    Scenario Outline: <news> cannot be sent for a day
      Given the mail server is down
      And <news> for Ann is waiting to be sent
      When the background work is tried whenever it is due, for 25 hours
      Then the operators find "the mail server is down" in the log
      And nothing is queued
      And nobody is told anything by e-mail

      Examples: all that is told by e-mail
        | news                             |
        | the welcome                      |
        | the order confirmation           |
        | the news of the refund           |
        | the news of the dispatch         |
        | the news of the declined payment |

    Scenario: After 24 hours in vain it is still tried
      Given the mail server is down
      And the order confirmation for Ann is waiting to be sent
      When the background work is tried whenever it is due, for 24 hours
      And the mail server is back
      And 1 hour passes
      And the background work is done
      Then Ann is told by e-mail "Order confirmed"
      And nobody is told anything else by e-mail

  Rule: A mail waits as well while the shop cannot remember whom it is for

    Scenario: The shop's memory cannot be reached when a mail is due
      Given the order confirmation for Ann is waiting to be sent
      And the shop's memory is out of reach
      When the background work is done
      Then the order confirmation is tried again in 1 minute

  Rule: An order stands whether or not its confirmation can be sent

    Scenario: A customer orders while the mail server is down
      Given Ann is a member
      And the shop sells Tea at 2.50 EUR, 10 in stock
      And the mail server is down
      When Ann orders 2 Tea
      Then Ann succeeds
      And Ann's order is paid
      And the order confirmation is queued for Ann's order
