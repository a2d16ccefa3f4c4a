using System.CommandLine;
using MagicFolder.Cli.Composition;
using MagicFolder.Cli.Output;
using MagicFolder.Daemon.Api;

namespace MagicFolder.Cli.Commands.Daemon;

/// <summary><c>leave --name FOLDER</c>: ends this computer's part in a folder.</summary>
internal static class LeaveCommand
{
    internal static Command Create()
    {
        var name = new Option<string>("--name") { Description = "The folder", HelpName = "FOLDER", Required = true };
        var config = CommonOptions.Config();
        var command = new Command(
            "leave",
            """
            End this computer's part in a folder, or give up joining one. Its files stay where they are, and what it published stays readable for the others. The state, with the keys, is put aside and not deleted.

            Example: magic-folder leave --name holiday
            """)
        {
            name, config,
        };
        command.SetAction((parsed, cancel) => Failure.GuardAsync(async () =>
        {
            using var client = await ApiClient.OpenAsync(parsed.GetValue(config), cancel);
            var left = await client.DeleteAsync(ApiClient.PathOf(parsed.GetRequiredValue(name), ""), ApiJson.Default.LeftDocument, cancel);
            Console.Out.WriteLine($"{parsed.GetRequiredValue(name)}: left. Its files stay; its state is kept in {left.State}.");
            return ExitStatus.Done;
        }));
        return command;
    }
}
