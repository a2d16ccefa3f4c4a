using System.CommandLine;
using MagicFolder.Cli.Composition;
using MagicFolder.Cli.Output;
using MagicFolder.Daemon.Api;

namespace MagicFolder.Cli.Commands.Daemon;

/// <summary><c>remove --folder FOLDER PETNAME</c>: ends another computer's part.</summary>
internal static class RemoveCommand
{
    internal static Command Create()
    {
        var petname = new Argument<string>("PETNAME") { Description = "The participant, as 'participants' shows it" };
        var folder = CommonOptions.Folder();
        folder.Required = true;
        var config = CommonOptions.Config();
        var command = new Command(
            "remove",
            "End a participant's part in a folder; only the folder's admin can. Its versions stay, and nothing new of it is taken. What it had read stays readable for it: no removal can take that back.")
        {
            petname, folder, config,
        };
        command.SetAction((parsed, cancel) => Failure.GuardAsync(async () =>
        {
            using var client = await ApiClient.OpenAsync(parsed.GetValue(config), cancel);
            string name = parsed.GetRequiredValue(petname);
            await client.PostAsync(ApiClient.PathOf(parsed.GetRequiredValue(folder)!, "/remove"), new RemoveRequest(name), ApiJson.Default.RemoveRequest, cancel);
            Console.Out.WriteLine($"{name}: removed. Its versions stay; what it had read stays readable for it.");
            return ExitStatus.Done;
        }));
        return command;
    }
}
