Feature: Choosing teas
  A guest puts teas on a tray.
  It is carried to the table later.

  Rule: Each guest has a tray

    Scenario: Two teas
      When Ann takes Sencha
      And Ann takes Assam
      Then the tray of Ann has Sencha, Assam

    Scenario: Nobody has what somebody else has
      When Ann takes Sencha
      And the host takes Assam
      Then the tray of Ann has Sencha
      And the tray of the host has Assam
      And the tray of a visitor has nothing

  Rule: Only what is on the menu is taken

    Scenario: A tea that there is not
      When Ann takes Sencha
      And Ann tries to take Coffee
      Then Ann is told "We have no such tea."
      And the tray of Ann has Sencha

  Rule: A form is sent by nobody but the guest

    Scenario: Another site sends it
      When another site tries to put Sencha on the tray of Ann
      Then the form of Ann is refused
      And the tray of Ann has nothing
