@browser
Feature: Sending orders on the page
  Among all orders an admin finds those that are to be sent.
  A button says that one is on its way, and the customer sees it.

  Background:
    Given Ann is a member
    And the shop sells Tea at 2.50 EUR, 10 in stock
    And Ann has an order of 2 Tea that is paid

  Rule: An order is marked as sent where all orders are

    Scenario Outline: an admin marks an order as sent, <browser>
      Given a browser <browser>
      When an admin marks Ann's order as sent on the page
      Then an admin reads "Ann's order of 2 Tea is sent." on the page
      And an admin sees among the orders
        | customer | product | pieces | total    | state |
        | Ann      | Tea     | 2      | 5.00 EUR | sent  |
      And the news of the dispatch is queued for Ann's order

      Examples: browsers
        | browser         |
        | on a phone      |
        | without scripts |

    Scenario: an order that somebody else marked meanwhile is not sent again
      Given Ann's order has been sent before
      And Ben is a member
      And Ben has an order of 1 Tea that is paid
      When an admin tries to mark Ann's order as sent on a page that is out of date
      Then an admin is told that this is in conflict
      And the reason given is "This order has been sent already."
      And nothing has changed
      And there are 2 orders of everybody on the page

    Scenario: the customer sees on the dashboard that an order is sent
      Given Ann's order has been sent before
      When Ann visits the dashboard
      Then Ann sees these orders on the dashboard
        | product | pieces | total    | state |
        | Tea     | 2      | 5.00 EUR | sent  |
