@critical
Feature: Showing a picture of oneself, what is refused
  What is no picture is refused, whatever it is called.
  So is what is too large, or broken.
  Nothing of it is kept. What pages refuse too is in pages/buying_through_both_doors.feature.

  Background:
    Given Mia is a member

  Rule: Only PNG, JPEG and WebP pictures are taken, whatever a file claims to be

    Scenario Outline: <other> called <name>, sent as <claim>, is refused
      When Mia tries to upload <other> called <name>, sent as <claim>
      Then Mia is told that this is of the wrong type
      And the reason given is "Choose a PNG, JPEG or WebP picture."
      And nothing has changed

      Examples: as what it is
        | other          | name         | claim |
        | a letter       | "letter.txt" | text  |
        | an HTML page   | "page.html"  | HTML  |
        | an SVG drawing | "avatar.svg" | SVG   |
        | a PDF document | "avatar.pdf" | PDF   |
        | a GIF picture  | "avatar.gif" | GIF   |
        | a BMP picture  | "avatar.bmp" | BMP   |

      Examples: as something else
        | other                     | name          | claim |
        | the words fake image data | "avatar.png"  | PNG   |
        | an HTML page              | "avatar.png"  | PNG   |
        | an SVG drawing            | "avatar.png"  | PNG   |
        | a PDF document            | "avatar.webp" | WebP  |
        | a BMP picture             | "avatar.jpg"  | JPEG  |
        | a sound                   | "avatar.webp" | WebP  |
        | an empty file             | "avatar.png"  | PNG   |

  Rule: A file may have at most 5 MB

    Scenario Outline: a <kind> picture of <size> is too large
      When Mia tries to upload a <kind> picture of <size>
      Then Mia is told that this is too large
      And the reason given is "<reason>"
      And nothing has changed

      Examples: from one byte too many
        | kind | size            | reason                              |
        | PNG  | 5 MB and 1 byte | The picture may have at most 5 MiB. |
        | WebP | 5 MB and 1 byte | The picture may have at most 5 MiB. |
        | PNG  | 20 MB           | The request is too large.           |

  Rule: A picture has to be whole, and of a size that can be shown

    Scenario Outline: <picture> is refused
      When Mia tries to upload <picture>
      Then Mia is told that this is invalid
      And the fault is in the avatar: "<message>"
      And nothing has changed

      Examples: damaged
        | picture                          | message                 |
        | half a JPEG picture              | The picture is damaged. |
        | half a WebP picture              | The picture is damaged. |
        | a PNG picture with a spoilt byte | The picture is damaged. |
        | a PNG picture of no pixels       | The picture is damaged. |
        | a PNG picture without its end    | The picture is damaged. |

      Examples: small as a file, huge when it unfolds
        | picture                                                      | message                                |
        | a black PNG picture of 25 million pixels and one             | The picture has too many pixels.       |
        | a PNG picture with a note that unfolds to 20 million letters | The picture is damaged.                |
        | a JPEG picture that is drawn over 10000 times                | The picture is made of too many parts. |
        | a PNG picture with 4000 colour profiles                      | The picture is made of too many parts. |

  Rule: A picture comes in a form, under its own heading

    Scenario Outline: <form> is invalid
      When Mia tries to upload by sending <form>
      Then Mia is told that this is invalid
      And the fault is in the <field>: "<message>"
      And nothing has changed

      Examples: what else may come
        | form                            | field  | message                 |
        | a form without a picture        | avatar | Choose a picture.       |
        | a picture under another heading | avatar | Choose a picture.       |
        | the name of a picture           | avatar | Choose a picture.       |
        | a picture and more              | role   | There is no such field. |

    Scenario Outline: <what> is no form
      When Mia tries to upload by sending <what>
      Then Mia is told that this is of the wrong type
      And the reason given is "Send the picture as a form (Content-Type: multipart/form-data)."
      And nothing has changed

      Examples: what is no form
        | what             |
        | the bare picture |
        | a set of fields  |
