@critical
Feature: Showing a picture of oneself
  A member uploads a picture, and other members see it.
  The shop keeps the picture and nothing else that was in the file.

  Background:
    Given Mia is a member
    And Max is a member

  Rule: A picture is shown to members as it was

    # The folder is the shop's own.
    @embedded
    Scenario: the very first picture finds a place
      Given the shop has no folder for pictures yet
      When Mia uploads a PNG picture
      Then everybody finds the picture of Mia as it was, a PNG of 64 x 32 pixels

    Scenario Outline: Mia shows <picture>
      When Mia uploads <picture>
      Then Mia succeeds
      And everybody finds the picture of Mia as it was, a <kind> of 64 x 32 pixels
      And the shop keeps one picture, under a name of its own

      Examples: the three kinds that the shop takes
        | picture        | kind |
        | a PNG picture  | PNG  |
        | a JPEG picture | JPEG |
        | a WebP picture | WebP |

      Examples: unusual ones; of what moves, the first image
        | picture                             | kind |
        | a see-through PNG picture           | PNG  |
        | a PNG picture of few colours        | PNG  |
        | a PNG picture in fine greys         | PNG  |
        | a JPEG picture in colours for print | JPEG |
        | a moving PNG picture                | PNG  |
        | a moving WebP picture               | WebP |

      Examples: a camera that was not held upright
        | picture                         | kind |
        | a photo taken in a mirror       | JPEG |
        | a photo taken upside down       | JPEG |
        | a photo taken on its right side | JPEG |
        | a photo taken on its left side  | JPEG |

    Scenario Outline: a picture of <width> x <height> pixels is shown with <shown>
      When Mia uploads a PNG picture of <width> x <height> pixels
      Then Mia succeeds
      And everybody finds the picture of Mia as it was, a PNG of <shown> pixels

      Examples: large ones become smaller, small ones stay
        | width | height | shown      |
        | 4     | 4      | 4 x 4      |
        | 1024  | 512    | 1024 x 512 |
        | 1026  | 513    | 1024 x 512 |
        | 2048  | 1024   | 1024 x 512 |
        | 512   | 4096   | 128 x 1024 |

  Rule: A file may have up to 5 MB and 25 million pixels

    Scenario Outline: a <kind> picture of exactly 5 MB is taken
      When Mia uploads a <kind> picture of 5 MB
      Then Mia succeeds
      And everybody finds the picture of Mia as it was, a <kind> of 64 x 32 pixels

      Examples: to the last byte
        | kind |
        | PNG  |
        | JPEG |
        | WebP |

    Scenario: a picture of exactly 25 million pixels is taken
      When Mia uploads a black PNG picture of 25 million pixels
      Then Mia succeeds
      And the shop keeps one picture, under a name of its own

  Rule: A picture tells nothing but what it shows

    Scenario Outline: from <picture> nobody learns more
      When Mia uploads <picture>
      Then Mia succeeds
      And the picture of Mia tells Max nothing else

      Examples: what a file may hold beside the picture
        | picture                                      |
        | a PNG picture that tells where it was taken  |
        | a JPEG picture that tells where it was taken |
        | a WebP picture that tells where it was taken |
        | a PNG picture that has a note in it          |
        | a JPEG picture that has a note in it         |
        | a WebP picture that has a note in it         |
        | a PNG picture that has a script behind it    |
        | a JPEG picture that has a script behind it   |
        | a WebP picture that has a script behind it   |

    Scenario Outline: the file name <name> leads nowhere
      When Mia uploads a PNG picture called <name>
      Then Mia succeeds
      And the shop keeps one picture, under a name of its own
      And everybody finds the picture of Mia as it was, a PNG of 64 x 32 pixels

      Examples: names that mean to lead somewhere
        | name                       |
        | "../../escaped.png"        |
        | "..\..\escaped.png"        |
        | "/etc/passwd"              |
        | "C:\Windows\escaped.png"   |
        | "CON.png"                  |
        | ".htaccess"                |
        | "avatar.png; rm -rf"       |
        | "avatar.html"              |
        | "аватар 头像.png"            |
        | a name with a zero byte    |
        | 5000 letters before ".png" |
