using System.CommandLine;
using MagicFolder.Cli.Composition;
using MagicFolder.Cli.Output;
using MagicFolder.Daemon.Api;

namespace MagicFolder.Cli.Commands.Daemon;

/// <summary><c>add --name FOLDER --author PETNAME DIR</c>: makes a folder.</summary>
internal static class AddCommand
{
    internal static Command Create()
    {
        var name = new Option<string?>("--name") { Description = "What the folder is called (default: like the directory)", HelpName = "FOLDER" };
        var author = new Option<string>("--author") { Description = "What this computer is called in the folder, e.g. laptop", HelpName = "PETNAME", Required = true };
        var directory = new Argument<string>("DIR") { Description = "The directory; it is made if needed, and what is in it goes into the folder" };
        var config = CommonOptions.Config();
        var command = new Command(
            "add",
            """
            Make a magic folder of a directory. This computer is its admin, who says who takes part.

            Example: magic-folder add --name holiday --author laptop ~/holiday
            """)
        {
            name, author, directory, config,
        };
        command.SetAction((parsed, cancel) => Failure.GuardAsync(async () =>
        {
            string path = Places.Real(parsed.GetRequiredValue(directory));
            using var client = await ApiClient.OpenAsync(parsed.GetValue(config), cancel);
            var folder = await client.SendAsync(
                HttpMethod.Post, "/v1/magic-folder", new AddRequest(parsed.GetValue(name) ?? Path.GetFileName(path), parsed.GetRequiredValue(author), path), ApiJson.Default.AddRequest,
                ApiJson.Default.FolderDocument, cancel);
            Console.Out.WriteLine($"{folder.Name}: {folder.Path} is a magic folder now.");
            if (folder.Reason is not { } reason) return ExitStatus.Done;
            Failure.Report($"{folder.Name}: nobody can see it yet, which is tried again: {reason}");
            return ExitStatus.Remains;
        }));
        return command;
    }
}
