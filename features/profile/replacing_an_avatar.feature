Feature: Replacing and removing one's picture
  The shop keeps one picture of a member, the last one,
  and none of whoever has taken theirs away or has left.

  Background:
    Given Mia is a member
    And Max is a member

  Rule: A new picture takes the place of the old

    Scenario: Mia shows another picture
      Given Mia shows a picture
      When Mia uploads a JPEG picture
      Then Mia succeeds
      And everybody finds the picture of Mia as it was, a JPEG of 64 x 32 pixels
      And the shop keeps one picture, under a name of its own

    Scenario: a browser keeps the picture for its owner alone, and asks each time whether it is still the same
      Given Mia shows a picture
      When Max looks at the picture of Mia
      Then Max succeeds
      And the browser keeps it for nobody else, and asks each time
      When Max asks whether the picture of Mia is still the same
      Then Max is told that the picture is still the same

    Scenario: a refused picture leaves the old one
      Given Mia shows a picture
      When Mia tries to upload half a PNG picture
      Then Mia is told that this is invalid
      And nothing has changed
      And everybody finds the picture of Mia as it was, a PNG of 64 x 32 pixels

    Scenario: everybody has a picture of their own
      Given Mia shows a picture
      When Max uploads a JPEG picture
      Then the shop keeps two pictures, under names of its own
      And everybody finds the picture of Mia as it was, a PNG of 64 x 32 pixels
      And everybody finds the picture of Max as it was, a JPEG of 64 x 32 pixels

  Rule: Whoever takes their picture away shows none

    Scenario: Mia takes her picture away
      Given Mia shows a picture
      When Mia takes the picture away
      Then Mia succeeds
      And Max finds no picture of Mia
      And the shop keeps no pictures, under names of its own

    Scenario: a picture can be shown again
      Given Mia shows a picture
      When Mia takes the picture away
      And Mia uploads a WebP picture
      Then everybody finds the picture of Mia as it was, a WebP of 64 x 32 pixels
      And the shop keeps one picture, under a name of its own

    Scenario: there is no picture to take away
      When Mia tries to take the picture away
      Then Mia is told that this does not exist
      And the reason given is "You have no picture."
      And nothing has changed

    Scenario: somebody who never had a picture shows none
      When Max uploads a PNG picture
      Then Max finds no picture of Mia

    Scenario: whoever looks for a picture that there is not is told so
      When Max tries to look at the picture of Mia
      Then Max is told that this does not exist
      And the reason given is "This user has no picture."

  Rule: A picture that the shop has lost is in nobody's way

    # The file is lost in the shop's own folder.
    @embedded
    Scenario: a lost picture is not shown
      Given Mia shows a picture
      And the shop has lost its pictures
      When Max tries to look at the picture of Mia
      Then Max is told that this does not exist
      And the reason given is "This user has no picture."

    @embedded
    Scenario: another picture takes the place of a lost one
      Given Mia shows a picture
      And the shop has lost its pictures
      When Mia uploads a JPEG picture
      Then everybody finds the picture of Mia as it was, a JPEG of 64 x 32 pixels
      And the shop keeps one picture, under a name of its own

  Rule: Whoever leaves leaves no picture behind

    Scenario: the picture goes with the account
      Given Mia shows a picture
      And Max shows a picture
      And Ada is an admin
      When Ada deletes the account of Mia
      Then the shop keeps one picture, under a name of its own
      And everybody finds the picture of Max as it was, a PNG of 64 x 32 pixels
