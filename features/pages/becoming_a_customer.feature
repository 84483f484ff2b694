@critical @browser @fixture.payments
Feature: Becoming a customer on the pages
  A visitor opens an account, orders, looks at the orders and leaves.
  It works on a desk and on a phone, and in a browser that runs no scripts.

  Background:
    Given the shop sells Tea at 2.50 EUR, 10 in stock

  Rule: Every browser will do

    Scenario Outline: a visitor becomes a customer, <browser>
      Given a browser <browser>
      When Nina opens an account on the page
      Then Nina is on the dashboard
      And Nina reads "Welcome, Nina." on the page
      And Nina sees no order on the dashboard
      When Nina orders 2 Tea on the page
      Then Nina reads "You ordered 2 Tea for 5.00 EUR." on the page
      And Nina sees these orders on the dashboard
        | product | pieces | total    | state |
        | Tea     | 2      | 5.00 EUR | paid  |
      And the stock of Tea is 8
      When Nina signs out on the page
      Then Nina is on the shop's page
      And Nina reads "You are signed out." on the page
      And the welcome is queued for Nina
      And the order confirmation is queued once

      Examples: browsers
        | browser                    |
        | on a desk                  |
        | on a phone                 |
        | without scripts            |
        | without scripts on a phone |

  Rule: Whoever has to sign in goes on to where they were going

    Scenario Outline: a visitor is led through the sign-in, <browser>
      Given a browser <browser>
      And Mia is a member who has not signed in
      When Mia tries to visit the dashboard
      Then Mia is on the page to sign in
      When Mia signs in on the page
      Then Mia is on the dashboard

      Examples: browsers
        | browser         |
        | on a desk       |
        | without scripts |

  Rule: A form sent twice orders once

    Scenario: a customer clicks twice
      Given Mia is a member
      When Mia orders 1 Tea on the page by a double click
      Then Mia has one order
      And the stock of Tea is 9
      And the order confirmation is queued once

    Scenario: a customer orders the same again
      Given Mia is a member
      When Mia orders 1 Tea on the page
      And Mia orders 1 Tea on the page
      Then Mia has two orders
      And the stock of Tea is 8
      And the order confirmation is queued twice

  Rule: The shop can be searched

    Scenario Outline: a visitor looks for "<text>"
      Given the shop sells Honey at 6.00 EUR, 3 in stock
      When an anonymous visitor looks on the page for "<text>"
      Then an anonymous visitor sees these on the page
        | product |
        | <found> |

      Examples: words
        | text | found |
        | tea  | Tea   |
        | hon  | Honey |
