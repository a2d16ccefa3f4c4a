using System.Text.Json.Serialization;
using MagicFolder.Cli.Output;
using MagicFolder.Grid;

namespace MagicFolder.Cli.Commands;

internal sealed record CheckedShareView(int Number, string Server, string State, string? Damage, long? Version);

internal sealed record CheckedVersionView(long Version, int Shares, int K, int N, bool Recoverable);

internal sealed record FailingServerView(string Server, string Reason);

internal sealed record CheckView(
    string Object, bool Healthy, bool Recoverable, int K, int N, int Happiness, int[] Missing, CheckedShareView[] Shares, CheckedVersionView[] Versions, FailingServerView[] Failing,
    bool Repaired);

/// <summary>What a check has found, for programs and for people.</summary>
/// <param name="before">What was found.</param>
/// <param name="after">What is there after a repair; null if there was none.</param>
/// <param name="lacksWriteCap">With the cap at hand it cannot be repaired.</param>
internal sealed class CheckReport(GridCheck before, GridCheck? after, bool lacksWriteCap)
{
    /// <summary>What to do when a repair was not enough.</summary>
    internal const string RepairAgain = "Bring back the servers that fail or are full, or put others in their places; then repair again.";

    internal GridCheck Last => after ?? before;

    private bool IsRepaired => after is not null && !ReferenceEquals(before, after) && !before.Shares.SequenceEqual(after.Shares);

    internal void PrintJson() => JsonText.Print(View(), CheckJson.Indented.CheckView);

    internal CheckView View() => new(
        Last.Object, Last.IsHealthy, Last.IsRecoverable, Last.K, Last.N, Last.Happiness, [.. Last.Missing],
        [.. Last.Shares.Select(share => new CheckedShareView(share.Number, share.Server, share.IsSound ? "sound" : "damaged", share.Damage, share.Version))],
        [.. Last.Versions.Select(version => new CheckedVersionView(version.Seqnum, version.Shares, version.K, version.N, version.IsRecoverable))],
        [.. Last.Failing.Select(trouble => new FailingServerView(trouble.Server, trouble.Error.Message))], IsRepaired);

    internal void PrintText()
    {
        if (Last.Object.Length == 0)
        {
            Console.Out.WriteLine("A literal: all of it stands in its cap, and nothing is on the grid.");
            return;
        }
        foreach (var share in Last.Shares)
            Console.Out.WriteLine($"  share {Number(share)}  {share.Server}  {(share.IsSound ? "sound" + Version(share) : $"damaged: {share.Damage}")}");
        foreach (int number in Last.Missing) Console.Out.WriteLine($"  share {number,-3}  missing");
        foreach (var trouble in Last.Failing) Console.Out.WriteLine($"  {trouble}");
        Console.Out.WriteLine($"{Last.Object}: {Verdict()}");
    }

    private static string Number(CheckedShare share) => (share.Number < 0 ? "?" : $"{share.Number}").PadRight(3);

    private static string Version(CheckedShare share) => share.Version is { } version ? $", version {version}" : "";

    internal string Verdict()
    {
        string shares = Last.N == 0 ? "no version can be read" : $"{Last.N - Last.Missing.Length} of {Last.N} shares are sound, {Last.K} are needed, on {Amounts.Count(Last.Happiness, "server")} of their own";
        string state = Last.IsHealthy ? "healthy" : Last.IsRecoverable ? "readable, but not healthy" : "not readable";
        string advice = Last.IsHealthy ? ""
            : !Last.IsRecoverable ? " Bring back a server or a directory that has more."
            : after is not null ? $" {RepairAgain}"
            : lacksWriteCap ? " Repair it with --repair and its write cap." : " Repair it with --repair.";
        return $"{(IsRepaired ? "repaired, " : "")}{state}; {shares}.{advice}";
    }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true)]
[JsonSerializable(typeof(CheckView))]
internal sealed partial class CheckJson : JsonSerializerContext
{
    internal static CheckJson Indented { get; } = new(new(JsonText.Options));
}
