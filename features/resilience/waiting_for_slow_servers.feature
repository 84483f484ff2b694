@critical @services
Feature: Waiting for slow servers
  The servers of other people may take their time, such as the one that takes the shop's e-mails.
  Whoever speaks to one waits alone: meanwhile everybody else is served.

  Rule: Nobody waits for an e-mail of theirs that is being sent

    Scenario: A new member signs in while the welcome is being sent
      When an anonymous visitor registers as Nina
      And Nina signs in while the mail server is in the middle of an e-mail
      Then Nina is signed in
      And Nina is told by e-mail "Welcome!"
      And nobody is told anything else by e-mail

    @fixture.payments
    Scenario: A customer cancels an order while its confirmation is being sent
      Given Ann is a member
      And the shop sells Tea at 2.50 EUR, 10 in stock
      When Ann orders 2 Tea
      And Ann cancels Ann's order while the mail server is in the middle of an e-mail
      Then Ann's order is cancelled
      And the stock of Tea is 10
      And Ann is told by e-mail "Order confirmed"
      And nobody is told anything else by e-mail
