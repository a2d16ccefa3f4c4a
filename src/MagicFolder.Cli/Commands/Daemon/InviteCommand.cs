using System.CommandLine;
using MagicFolder.Cli.Composition;
using MagicFolder.Cli.Output;
using MagicFolder.Daemon.Api;
using MagicFolder.Sync.Inviting;

namespace MagicFolder.Cli.Commands.Daemon;

/// <summary><c>invite --folder FOLDER PETNAME</c>: lets another computer take part.</summary>
internal static class InviteCommand
{
    internal static Command Create()
    {
        var petname = new Argument<string>("PETNAME") { Description = "What the other computer will be called in the folder, e.g. desktop" };
        var folder = CommonOptions.Folder();
        folder.Required = true;
        var mode = new Option<string?>("--mode") { Description = "read-write (default) or read-only", HelpName = "MODE" };
        mode.AcceptOnlyFromAmong("read-write", "read-only");
        var days = new Option<int?>("--days") { Description = $"How long the code is good for, at most {Inviter.MaxLifetime.TotalDays} (default: {Inviter.DefaultLifetime.TotalDays})", HelpName = "N" };
        var noQr = new Option<bool>("--no-qr") { Description = "Leave out the QR code, which is shown on a terminal" };
        var config = CommonOptions.Config();
        var json = CommonOptions.Json();
        var command = new Command(
            "invite",
            """
            Let another computer take part in a folder: prints a code for 'magic-folder join' there. The two computers need not be on at the same time. The code is a secret and good for
            one use; whoever has it first can join in your friend's stead, so compare the fingerprint that 'magic-folder invites --folder NAME' shows with the one that 'join' printed.

            Example: magic-folder invite --folder holiday desktop
            """)
        {
            petname, folder, mode, days, noQr, config, json,
        };
        command.SetAction((parsed, cancel) => Failure.GuardAsync(async () =>
        {
            if (parsed.GetValue(days) is { } given && (given < 1 || given > Inviter.MaxLifetime.TotalDays)) throw new UsageException($"--days takes 1 to {Inviter.MaxLifetime.TotalDays}.");
            using var client = await ApiClient.OpenAsync(parsed.GetValue(config), cancel);
            var invite = await client.SendAsync(
                HttpMethod.Post, ApiClient.PathOf(parsed.GetRequiredValue(folder)!, "/invite"),
                new InviteRequest(parsed.GetRequiredValue(petname), parsed.GetValue(mode), parsed.GetValue(days)), ApiJson.Default.InviteRequest, ApiJson.Default.InviteDocument, cancel);
            if (parsed.GetValue(json))
            {
                JsonText.Print(invite, new ApiJson(new System.Text.Json.JsonSerializerOptions(JsonText.Options)).InviteDocument);
                return ExitStatus.Done;
            }
            Console.Out.WriteLine(invite.Code);
            if (!parsed.GetValue(noQr) && !Console.IsOutputRedirected) PrintQr(invite.Code!);
            Console.Error.WriteLine($"Give this code to {invite.Participant}, and to nobody else; it is good until {Times.LocalOfIso(invite.Expires)}. There: magic-folder join CODE DIR");
            return ExitStatus.Done;
        }));
        return command;
    }

    /// <summary>Codes may be typed in capitals, which make a smaller picture.</summary>
    private static void PrintQr(string code)
    {
        if (QrText.Lines(code.ToUpperInvariant(), Console.WindowWidth) is { } lines)
            foreach (string line in lines) Console.Out.WriteLine(line);
        else Console.Error.WriteLine("The terminal is too narrow for the QR code.");
    }
}
