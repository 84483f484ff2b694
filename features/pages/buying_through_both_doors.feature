@critical @fixture.payments
Feature: Ordering and showing pictures through pages and apps alike
  Some customers use the pages, others an app.
  The shop refuses the same things to both, in the same words.

  Background:
    Given Mia is a member
    And the shop sells Tea at 2.50 EUR, 10 in stock

  Rule: Only whole PNG, JPEG and WebP pictures of up to 5 MB are taken

    Scenario Outline: through <through>, <picture> is refused
      When Mia tries to upload through <through> <picture>
      Then Mia is told that this is <word>
      And nothing has changed

      @browser
      Examples: on a page
        | through | picture                                        | word              |
        | a page  | half a PNG picture                             | invalid           |
        | a page  | the first bytes of a PNG picture and a script  | invalid           |
        | a page  | a PNG picture that claims 50000 x 50000 pixels | invalid           |
        | a page  | a letter called a picture                      | of the wrong type |
        | a page  | a GIF picture called a PNG picture             | of the wrong type |
        | a page  | a JPEG picture of 5 MB and 1 byte              | too large         |
        | a page  | a PNG picture of 6 MB                          | too large         |

      Examples: in an app
        | through | picture                                        | word              |
        | an app  | half a PNG picture                             | invalid           |
        | an app  | the first bytes of a PNG picture and a script  | invalid           |
        | an app  | a PNG picture that claims 50000 x 50000 pixels | invalid           |
        | an app  | a letter called a picture                      | of the wrong type |
        | an app  | a GIF picture called a PNG picture             | of the wrong type |
        | an app  | a JPEG picture of 5 MB and 1 byte              | too large         |
        | an app  | a PNG picture of 6 MB                          | too large         |

  Rule: An order is of 1 to 100 pieces, and of no more than there are

    Scenario Outline: through <through>, <quantity> pieces cannot be ordered
      When Mia tries to order <quantity> Tea through <through>
      Then Mia is told that this is invalid
      And the fault is in the quantity: "<message>"
      And nothing has changed

      @browser
      Examples: on a page
        | through | quantity | message                           |
        | a page  | 0        | The quantity must be 1 or more.   |
        | a page  | -1       | The quantity must be 1 or more.   |
        | a page  | 101      | The quantity must be 100 or less. |

      Examples: in an app
        | through | quantity | message                           |
        | an app  | 0        | The quantity must be 1 or more.   |
        | an app  | -1       | The quantity must be 1 or more.   |
        | an app  | 101      | The quantity must be 100 or less. |

    Scenario Outline: through <through>, <quantity> pieces are too many
      When Mia tries to order <quantity> Tea through <through>
      Then Mia is told that this is in conflict
      And the reason given is "Only 10 left."
      And nothing has changed

      @browser
      Examples: on a page
        | through | quantity |
        | a page  | 11       |
        | a page  | 100      |

      Examples: in an app
        | through | quantity |
        | an app  | 11       |
        | an app  | 100      |
