@fixture.payments
Feature: Trying to place orders that make no sense
  An order is of 1 to 100 pieces of one product, and the books can hold its total.
  Anything else is refused before goods or money move.
  What pages refuse too is in pages/buying_through_both_doors.feature.

  Background:
    Given Ann is a member
    And the shop sells Tea at 2.50 EUR, 1000 in stock

  Rule: An order is of 1 to 100 whole pieces

    Scenario Outline: <quantity> pieces may be ordered
      When Ann orders Tea with the quantity <quantity>
      Then Ann succeeds
      And the stock of Tea is <left>
      And the order confirmation is queued for Ann's order

      Examples: good quantities
        | quantity | left |
        | 1        | 999  |
        | 2        | 998  |
        | 100      | 900  |

    Scenario Outline: An order cannot have the quantity <quantity>
      When Ann tries to order Tea with the quantity <quantity>
      Then Ann is told that this is invalid
      And the fault is in the quantity: "<told>"
      And nothing has changed

      Examples: bad quantities
        | quantity    | told                                 |
        | 99999999999 | The quantity must be 100 or less.    |
        | 1.5         | The quantity must be a whole number. |
        | "2"         | The quantity must be a whole number. |
        | a text      | The quantity must be a whole number. |
        | true        | The quantity must be a whole number. |
        | a list      | The quantity must be a whole number. |
        | null        | The quantity must be a whole number. |
        | missing     | The quantity is missing.             |

  Rule: An order names one product, and the shop decides the rest

    Scenario Outline: An order cannot have the <field> <entered>
      When Ann tries to order Tea with the <field> <entered>
      Then Ann is told that this is invalid
      And the fault is in the <field>: "<told>"
      And nothing has changed

      Examples: bad products
        | field      | entered   | told                                |
        | product id | missing   | The product is missing.             |
        | product id | 999999999 | There is no such product.           |
        | product id | 0         | The product must be 1 or more.      |
        | product id | a text    | The product must be a whole number. |

      Examples: what the shop decides
        | field       | entered | told                    |
        | total cents | 1       | There is no such field. |
        | status      | "paid"  | There is no such field. |
        | user id     | 1       | There is no such field. |

  Rule: The books hold a total of up to 21474836.47 EUR

    Scenario: The largest order that the books can hold
      Given the shop sells Gold at 214748.36 EUR, 100 in stock
      When Ann orders 100 Gold
      Then Ann succeeds
      And Ann's order comes to 21474836.00 EUR
      And the order confirmation is queued for Ann's order

    Scenario: An order that is too large for the books
      Given the shop sells Gold at 214748.37 EUR, 100 in stock
      When Ann tries to order 100 Gold
      Then Ann is told that this is invalid
      And the fault is in the quantity: "An order may cost up to 21474836.47 EUR."
      And nothing has changed
