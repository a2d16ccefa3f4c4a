using System.CommandLine;
using MagicFolder.Cli.Composition;
using MagicFolder.Cli.Output;
using MagicFolder.Daemon.Api;

namespace MagicFolder.Cli.Commands.Daemon;

/// <summary><c>invites --folder FOLDER [--cancel PETNAME]</c>: what became of invites.</summary>
internal static class InvitesCommand
{
    internal static Command Create()
    {
        var folder = CommonOptions.Folder();
        folder.Required = true;
        var cancelled = new Option<string?>("--cancel") { Description = "Take the invite of this one back", HelpName = "PETNAME" };
        var config = CommonOptions.Config();
        var json = CommonOptions.Json();
        var command = new Command("invites", "List the invites to a folder and what became of them, with the fingerprints that the newcomers were shown. Codes are not shown again.")
        {
            folder, cancelled, config, json,
        };
        command.SetAction((parsed, cancel) => Failure.GuardAsync(async () =>
        {
            using var client = await ApiClient.OpenAsync(parsed.GetValue(config), cancel);
            string name = parsed.GetRequiredValue(folder)!;
            var invites = await client.GetAsync(ApiClient.PathOf(name, "/invites"), ApiJson.Default.ListInviteDocument, cancel);
            if (parsed.GetValue(cancelled) is { } petname)
            {
                var one = invites.LastOrDefault(invite => invite.Participant == petname && invite.Outcome is null) ?? throw new CommandException($"No invite of {petname} is under way.");
                invites = [await client.DeleteAsync(ApiClient.PathOf(name, $"/invites/{one.Id}"), ApiJson.Default.InviteDocument, cancel)];
            }
            invites = [.. invites.Select(invite => invite with { Code = null })];
            if (parsed.GetValue(json)) JsonText.Print(invites, new ApiJson(new System.Text.Json.JsonSerializerOptions(JsonText.Options)).ListInviteDocument);
            else
                foreach (var invite in invites) Console.Out.WriteLine(Printable.Text(Describe(invite)));
            return ExitStatus.Done;
        }));
        return command;
    }

    private static string Describe(InviteDocument invite)
    {
        string fingerprint = invite.Fingerprint is { } shown ? $", fingerprint {shown}" : "";
        return $"{invite.Participant}  {invite.Mode}  {invite.Outcome ?? $"{invite.State}, good until {Times.LocalOfIso(invite.Expires)}"}{fingerprint}";
    }
}
