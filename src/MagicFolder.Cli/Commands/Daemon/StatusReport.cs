using System.Text;
using System.Text.Json;
using MagicFolder.Cli.Output;
using MagicFolder.Daemon.Api;

namespace MagicFolder.Cli.Commands.Daemon;

/// <summary>The status, for people and for programs; the same one is not printed twice in a row.</summary>
internal sealed class StatusReport(bool json)
{
    private static readonly ApiJson Indented = new(new JsonSerializerOptions(JsonText.Options));
    private string? _last;

    internal static int ExitStatusOf(StatusDocument status) =>
        status.Folders.Any(folder => folder.State == "stopped" || folder.Conflicts > 0 || folder.Problems.Count > 0) ? ExitStatus.Remains : ExitStatus.Done;

    internal void Print(StatusDocument status)
    {
        string text = json ? JsonSerializer.Serialize(status, Indented.StatusDocument) + Environment.NewLine : Describe(status);
        if (text == _last) return;
        _last = text;
        Console.Out.Write(text);
    }

    private static string Describe(StatusDocument status)
    {
        var text = new StringBuilder();
        if (status.Folders.Count == 0) text.AppendLine("There are no folders yet; make one with 'magic-folder add', or take part in one with 'magic-folder join'.");
        foreach (var folder in status.Folders) Describe(folder, text);
        var grid = status.Grid;
        text.AppendLine(grid.Connected == grid.Desired ? "grid: connected" : $"grid: {grid.Connected} of {grid.Desired} directories can be used, {grid.Happy} are needed");
        return text.ToString();
    }

    private static void Describe(FolderDocument folder, StringBuilder text)
    {
        string waiting = folder.Downloads > 0 ? $", {Amounts.Count(folder.Downloads, "path")} waiting" : "";
        string conflicts = folder.Conflicts > 0 ? $", {Amounts.Count(folder.Conflicts, "conflict file")}" : "";
        text.AppendLine($"{Printable.Text(folder.Name)}  {Printable.Text(folder.Path)}  {Amounts.Count(folder.Files, "file")}, {Amounts.Bytes(folder.Bytes)}  {folder.State.Replace('-', ' ')}{waiting}{conflicts}");
        if (folder.Reason is { } reason) text.AppendLine($"  {Printable.Text(reason.ReplaceLineEndings(" "))}");
        foreach (var participant in folder.Participants) text.AppendLine($"  {Printable.Text(Describe(participant))}");
        foreach (var problem in folder.Problems) text.AppendLine($"  {Printable.Line(problem.Path, problem.Reason, problem.Advice)}");
    }

    internal static string Describe(ParticipantDocument participant)
    {
        string who = participant.Self ? $"{participant.Name} (this computer)" : participant.Name;
        string mode = participant.Mode == "read-only" ? ", read-only" : "";
        if (participant.Removed) return $"{who}: removed";
        if (participant.Seq == 0) return $"{who}{mode}: nothing published yet";
        string standing = participant.InSync ? "has the same" : participant.Self ? "has something to publish" : "has something else";
        return $"{who}{mode}: version {participant.Seq}, {standing}{(participant.LastSeen is { } seen ? $", published {Times.LocalOfIso(seen)}" : "")}{Observed(participant)}";
    }

    private static string Observed(ParticipantDocument participant) => participant.Observed.Count == 0
        ? ""
        : $"; has seen {string.Join(", ", participant.Observed.Select(seen => $"{seen.Key} {seen.Value}"))}";
}
