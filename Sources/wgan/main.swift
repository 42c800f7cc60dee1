import WGANCommand

WGANCommand.main()
