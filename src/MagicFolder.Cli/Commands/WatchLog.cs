using System.Text.Json;
using MagicFolder.Cli.Output;
using MagicFolder.Sync.Folders;
using MagicFolder.Sync.Reporting;

namespace MagicFolder.Cli.Commands;

/// <summary>One line for each round of a watch that did something.</summary>
internal static class WatchLog
{
    /// <summary>Trouble is no result: it goes to standard error.</summary>
    internal static void PrintStanding(SessionParticipant participant) =>
        Console.Error.WriteLine($"{participant.Name}: {(participant.StopReason is { } reason ? $"{Printable.Text(reason.ReplaceLineEndings(" "))} Trying again." : "goes on.")}");

    internal static void Print(SessionParticipant participant, RoundReport report, bool json)
    {
        if (report.Captured == 0 && report.Applied == 0) return;
        if (json)
        {
            var line = new WatchEvent(participant.Name, report.Captured, report.Applied, report.Published);
            Console.Out.WriteLine(JsonSerializer.Serialize(line, SummaryJson.Compact.WatchEvent));
            return;
        }
        var parts = new List<string>();
        if (report.Captured > 0) parts.Add($"{Amounts.Count(report.Captured, "change")} made here stored");
        if (report.Applied > 0) parts.Add($"{Amounts.Count(report.Applied, "change")} brought here");
        Console.Out.WriteLine($"{TimeProvider.System.GetLocalNow():HH:mm:ss} {participant.Name}: {string.Join(", ", parts)}");
    }
}
