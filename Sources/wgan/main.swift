import WGANCommand

waitBriefly()
WGANCommand.main()
