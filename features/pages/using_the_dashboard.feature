@browser
Feature: Using the dashboard
  On the dashboard a member finds orders, posts and a picture,
  and what the weather is like where they live.

  Background:
    Given Mia is a member

  Rule: A member sees what is their own

    Scenario: orders, the newest first
      Given Max is a member
      And the shop sells Tea at 2.50 EUR, 10 in stock
      And these orders
        | customer | pieces | product | state          |
        | Mia      | 1      | Tea     | is paid        |
        | Max      | 9      | Tea     | is paid        |
        | Mia      | 2      | Tea     | was declined   |
        | Mia      | 3      | Tea     | awaits payment |
      When Mia visits the dashboard
      Then Mia sees these orders on the dashboard
        | product | pieces | total    | state          |
        | Tea     | 3      | 7.50 EUR | awaits payment |
        | Tea     | 2      | 5.00 EUR | declined       |
        | Tea     | 1      | 2.50 EUR | paid           |

    Scenario: posts
      Given Mia has published "Bread on Sunday"
      When Mia visits the dashboard
      Then Mia sees these posts on the dashboard
        | title           |
        | Bread on Sunday |

    Scenario: an order whose money nobody could be asked for
      Given the shop sells Tea at 2.50 EUR, 10 in stock
      And the payment provider is being repaired
      When Mia orders 2 Tea on the page
      Then Mia reads "You ordered 2 Tea for 5.00 EUR. The payment provider has not answered yet and is asked again." on the page
      And Mia sees these orders on the dashboard
        | product | pieces | total    | state          |
        | Tea     | 2      | 5.00 EUR | awaits payment |

  Rule: The picture is shown before it is sent, and afterwards

    Scenario: a member sees what the picture will look like
      When Mia chooses a picture on the dashboard
      Then Mia sees the picture before it is sent, and nothing has changed

    Scenario Outline: a member shows a picture and takes it away, <browser>
      Given a browser <browser>
      When Mia shows a picture on the dashboard
      Then Mia reads "This is your picture now." on the page
      And Mia sees the picture on the dashboard
      And the shop keeps one picture, under a name of its own
      When Mia removes the picture on the dashboard
      Then Mia reads "Your picture is gone." on the page
      And Mia sees no picture on the dashboard
      And the shop keeps no pictures, under names of its own

      Examples: browsers
        | browser         |
        | on a phone      |
        | without scripts |

  Rule: The weather is that of the member's own city

    Scenario: a fair day
      Given it is 22 degrees and sunny
      When Mia asks for the weather in Berlin on the dashboard
      Then Mia reads that it is 22 °C sunny in Berlin on the dashboard

    Scenario: the dashboard does without the weather
      Given the weather provider is overloaded
      When Mia asks for the weather in Berlin on the dashboard
      Then Mia reads that it is Berlin: The weather is not available at the moment. on the dashboard
