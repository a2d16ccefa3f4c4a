using System.Text.Json;
using MagicFolder.EndToEnd.Tests.Running;

namespace MagicFolder.EndToEnd.Tests.Commands;

/// <summary>The newest snapshot as directories of Tahoe-LAFS.</summary>
public sealed class PublishTests : IDisposable
{
    private readonly Computer _computer = new();

    public void Dispose() => _computer.Dispose();

    [Fact]
    public async Task TheCapsArePrintedAndTheSameAsLongAsNothingChanges()
    {
        _computer.Write("alice/d/x.txt", "first");
        await _computer.SyncAsync("alice", "bob");
        var first = (await _computer.RunAsync("publish", "--as-tahoe-directory")).ShouldExit(0);
        string[] lines = first.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        lines.Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[0]).ShouldBe(["snapshot", "directory"]);
        lines[0].ShouldContain(" URI:DIR2-CHK:");
        lines[1].ShouldContain(" URI:DIR2-RO:");
        (await _computer.RunAsync("publish", "--as-tahoe-directory")).ShouldExit(0).Output.ShouldBe(first.Output);

        _computer.Write("bob/d/x.txt", "second");
        await _computer.SyncAsync("alice", "bob");
        using var document = JsonDocument.Parse((await _computer.RunAsync("publish", "--as-tahoe-directory", "--as", "bob", "--json")).ShouldExit(0).Output);
        document.RootElement.EnumerateObject().Select(p => p.Name).ShouldBe(["snapshot", "directory", "version", "participant", "seq", "time", "files", "bytes", "stored", "problems"]);
        document.RootElement.GetProperty("directory").GetString().ShouldNotBe(lines[1].Split(' ')[^1], "each participant writes a directory of its own");
        (document.RootElement.GetProperty("files").GetInt32(), document.RootElement.GetProperty("bytes").GetInt64()).ShouldBe((1, 6));
    }

    [Fact]
    public async Task ItWorksWhileAWatchRuns()
    {
        _computer.Write("alice/x.txt", "first");
        await _computer.SyncAsync("alice", "bob");
        using var watch = _computer.Start("sync", "alice", "bob", "--watch");
        await watch.SaysAsync("Watching");
        (await _computer.RunAsync("publish", "--as-tahoe-directory")).ShouldExit(0).ShouldBeCalm();
    }

    [Fact]
    public async Task LinksAreNamedAndLeftOut()
    {
        if (OperatingSystem.IsWindows()) return;
        _computer.Write("alice/x.txt", "first");
        File.CreateSymbolicLink(_computer.At("alice/link"), "x.txt");
        await _computer.SyncAsync("alice", "bob");
        (await _computer.RunAsync("publish", "--as-tahoe-directory")).ShouldExit(3).ErrorLines[^1].ShouldContain("link: ");
    }

    [Fact]
    public async Task WhatIsMissingIsSaid()
    {
        (await _computer.RunAsync("publish")).ShouldExit(2).ShouldReportOnce("--as-tahoe-directory");
        (await _computer.RunAsync("publish", "--as-tahoe-directory")).ShouldExit(1).ShouldReportOnce("no magic folder yet");
    }
}
