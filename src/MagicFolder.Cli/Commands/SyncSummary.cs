using System.Text.Json;
using System.Text.Json.Serialization;
using MagicFolder.Cli.Output;
using MagicFolder.Model;
using MagicFolder.Sync.Folders;

namespace MagicFolder.Cli.Commands;

internal sealed record WatchEvent(string Participant, int Captured, int Applied, bool Published);

internal sealed record ProblemView(string Path, string Reason, string Advice);

internal sealed record ParticipantView(
    string Name, string Path, string State, string? Reason, long Files, long Directories, long Symlinks, long Bytes,
    long Captured, long Applied, long Waiting, long ConflictFiles, IReadOnlyList<ProblemView> Problems);

/// <summary>How a folder stands after <c>sync</c>.</summary>
internal sealed record SyncSummary(
    string Folder, string Grid, string StateDirectory, bool InSync, double Seconds, IReadOnlyList<ParticipantView> Participants)
{
    /// <summary>More problems than this are counted, not listed, for people; JSON has them all.</summary>
    private const int MaxListed = 50;

    [JsonIgnore]
    internal int ExitStatus =>
        Participants.Any(p => p.Reason is not null) ? Output.ExitStatus.Failed
        : Participants.Any(p => p.ConflictFiles > 0 || p.Problems.Count > 0 || p.Waiting > 0) ? Output.ExitStatus.Remains
        : Output.ExitStatus.Done;

    internal static SyncSummary Of(FolderSession session, string stateDirectory, TimeSpan elapsed)
    {
        var participants = session.Participants.Select(View).ToArray();
        bool inSync = Array.TrueForAll(participants, p => p.Reason is null && p.Waiting == 0);
        return new SyncSummary(session.Folder.Name, session.Folder.Grid, stateDirectory, inSync, Math.Round(elapsed.TotalSeconds, 3), participants);
    }

    internal void Print(bool json)
    {
        if (json)
        {
            Console.Out.WriteLine(JsonSerializer.Serialize(this, SummaryJson.Indented.SyncSummary));
            return;
        }
        foreach (var participant in Participants) PrintParticipant(participant);
        long done = Participants.Sum(p => p.Captured + p.Applied);
        string verdict = !InSync ? "Not everything is in sync"
            : Participants.Any(p => p.Problems.Count > 0) ? "In sync, but for the problems told"
            : done == 0 ? "Nothing to do: everything is in sync"
            : $"In sync: {Amounts.Count(Participants.Sum(p => p.Captured), "change")} stored, {Amounts.Count(Participants.Sum(p => p.Applied), "change")} brought over";
        Console.Out.WriteLine($"{verdict} ({Amounts.Duration(TimeSpan.FromSeconds(Seconds))}).");
        if (Participants.Any(p => p.ConflictFiles > 0))
            Console.Out.WriteLine($"There are conflicts. See them with: magic-folder conflicts --state {StateDirectory}");
        else if (done > 0) Console.Out.WriteLine($"State: {StateDirectory}  Grid: {Grid}");
    }

    private static void PrintParticipant(ParticipantView participant)
    {
        string standing = participant.Reason is not null ? "stopped" : participant.Waiting > 0 ? $"{Amounts.Count(participant.Waiting, "path")} waiting" : "in sync";
        string conflicts = participant.ConflictFiles > 0 ? $", {Amounts.Count(participant.ConflictFiles, "conflict file")}" : "";
        Console.Out.WriteLine($"{participant.Name}  {participant.Path}  {Amounts.Count(participant.Files, "file")}, {Amounts.Bytes(participant.Bytes)}  {standing}{conflicts}");
        if (participant.Reason is { } reason) Console.Error.WriteLine($"{participant.Name}: {Printable.Text(reason)}");
        foreach (var problem in participant.Problems.Take(MaxListed)) Console.Error.WriteLine($"{participant.Name}: {Printable.Line(problem.Path, problem.Reason, problem.Advice)}");
        if (participant.Problems.Count > MaxListed) Console.Error.WriteLine($"{participant.Name}: and {participant.Problems.Count - MaxListed} more problems; --json lists them all.");
    }

    private static ParticipantView View(SessionParticipant participant)
    {
        var state = participant.State;
        var totals = state?.Records.Totals();
        IReadOnlyList<Problem> problems = state?.Problems.All() ?? [];
        return new ParticipantView(
            participant.Name, participant.Path, participant.IsStopped ? "stopped" : state?.Pending.Any() == true ? "syncing" : "in-sync", participant.StopReason,
            totals?.Files ?? 0, totals?.Directories ?? 0, totals?.Symlinks ?? 0, totals?.Bytes ?? 0,
            participant.Progress.Captured, participant.Progress.Applied, state?.Pending.Count() ?? 0, state?.ConflictFiles.Count() ?? 0,
            [.. problems.Select(p => new ProblemView(p.Path, p.Reason, p.Advice))]);
    }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(SyncSummary))]
[JsonSerializable(typeof(WatchEvent))]
internal sealed partial class SummaryJson : JsonSerializerContext
{
    internal static SummaryJson Indented { get; } = new(Relaxed(writeIndented: true));

    internal static SummaryJson Compact { get; } = new(Relaxed(writeIndented: false));

    /// <summary>UTF-8 as it is: paths in any script stay readable.</summary>
    private static JsonSerializerOptions Relaxed(bool writeIndented) => new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        WriteIndented = writeIndented,
    };
}
