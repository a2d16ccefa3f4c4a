using System.CommandLine;
using MagicFolder.Cli.Composition;
using MagicFolder.Cli.Output;
using MagicFolder.Daemon.Configuration;

namespace MagicFolder.Cli.Commands.Daemon;

/// <summary><c>init</c>: the configuration of this computer.</summary>
internal static class InitCommand
{
    internal static Command Create()
    {
        var grid = CommonOptions.Grid();
        var config = CommonOptions.Config();
        var command = new Command(
            "init",
            """
            Make the configuration of this computer, for folders that several computers share. Computers that share a folder share a grid: a directory that all of them reach, or a
            grid file that names several. Nothing else has to be decided.

            Example: magic-folder init --grid /mnt/office/grid
            """)
        {
            grid, config,
        };
        command.SetAction((parsed, cancel) => Failure.GuardAsync(() => RunAsync(parsed.GetValue(grid), parsed.GetValue(config), cancel)));
        return command;
    }

    private static async Task<int> RunAsync(string? gridOption, string? config, CancellationToken cancel)
    {
        var directory = ConfigurationChoice.Of(config);
        if (directory.IsInitialized)
        {
            throw new CommandException(
                $"There is a configuration in {directory.Path} already, with the grid {ClientConfiguration.Load(directory).Grid}. If the same grid is at another place now: 'magic-folder config grid GRID'. "
                + "For folders on another grid make another configuration with --config DIR.");
        }
        string grid = gridOption is null ? Places.Real(Places.Grid) : GridOpening.Resolve(gridOption);
        foreach (string place in GridOpening.DirectoriesOf(grid))
            if (Places.Overlap(place, directory.Path)) throw new UsageException($"the grid ({place}) and the configuration ({directory.Path}) are inside one another; choose another place.");
        await GridOpening.OpenAsync(grid, mayCreate: true, cancel);
        new ClientConfiguration(grid).Save(directory);
        Console.Out.WriteLine($"Configuration: {directory.Path}  Grid: {grid}");
        Console.Out.WriteLine($"Start the daemon with: {ConfigurationChoice.CommandFor(directory, "run")}");
        return ExitStatus.Done;
    }
}
