using System.Diagnostics;
using System.Text.Json.Nodes;
using MagicFolder.EndToEnd.Tests.Running;
using MagicFolder.EndToEnd.Tests.Trees;

namespace MagicFolder.EndToEnd.Tests;

/// <summary>State that is lost, old, newer, damaged or in use never costs a file.</summary>
public sealed class StateTroubleTests : IDisposable
{
    private readonly Computer _computer = new();

    [Fact]
    public async Task ALostDatabaseGoesOnAsIfNothingHadHappened()
    {
        SampleTree.Make(_computer.At("alice"));
        await _computer.SyncAsync("alice", "bob");

        _computer.Write("bob/made while the state was lost", "new");
        _computer.Write("alice/edited", "edited");
        Directory.Delete(Path.Combine(_computer.State, "participants"), recursive: true);
        var result = await _computer.SyncAsync("alice", "bob");

        result.Output.ShouldNotContain("conflict");
        TreeListing.Of(_computer.At("bob")).Items.Count.ShouldBe(SampleTree.Count + 2);
    }

    [Fact]
    public async Task ADeletionWhileTheDatabaseWasLostDeletesNothing()
    {
        _computer.Write("alice/kept", "content");
        _computer.Write("alice/other", "content");
        await _computer.SyncAsync("alice", "bob");

        File.Delete(Path.Combine(_computer.State, "participants", "alice.db"));
        _computer.Delete("alice/kept");
        await _computer.SyncAsync("alice", "bob");

        _computer.Read("alice/kept").ShouldBe("content");
    }

    [Fact]
    public async Task AStateOfANewerFormatIsRefusedAndLeftUntouched()
    {
        _computer.Write("alice/file", "content");
        await _computer.SyncAsync("alice", "bob");
        EditConfiguration(configuration => configuration["format"] = 2);
        string before = await File.ReadAllTextAsync(ConfigurationFile);

        _computer.Write("alice/new", "new");
        var result = await _computer.RunAsync("sync", "alice", "bob");

        result.ShouldExit(1).ShouldReportOnce("folder.json", "newer version");
        (await File.ReadAllTextAsync(ConfigurationFile)).ShouldBe(before);
        _computer.Names("bob").ShouldBe(["file"]);
    }

    [Fact]
    public async Task ADamagedStateIsReportedWithoutQuotingItsSecrets()
    {
        _computer.Write("alice/file", "content");
        await _computer.SyncAsync("alice", "bob");
        string text = await File.ReadAllTextAsync(ConfigurationFile);
        await File.WriteAllTextAsync(ConfigurationFile, text[..(text.Length / 2)]);

        (await _computer.RunAsync("sync", "alice", "bob")).ShouldExit(1).ShouldReportOnce("folder.json", "damaged");
    }

    [Fact]
    public async Task TheKeyOfAnotherIsRefusedAndNothingIsWritten()
    {
        _computer.Write("alice/file", "content");
        await _computer.SyncAsync("alice", "bob");
        EditConfiguration(configuration =>
        {
            var participants = configuration["participants"]!.AsArray();
            (participants[0]!["personalKey"], participants[1]!["personalKey"]) = (participants[1]!["personalKey"]!.DeepClone(), participants[0]!["personalKey"]!.DeepClone());
        });
        var before = TreeListing.Of(Path.Combine(_computer.Grid, "shares")).Items;

        _computer.Write("alice/new", "new");
        var result = await _computer.RunAsync("sync", "alice", "bob");

        result.ShouldExit(1).ShouldReportOnce("alice: ").ShouldReportOnce("bob: ");
        Directories.Differences(before, TreeListing.Of(Path.Combine(_computer.Grid, "shares")).Items).ShouldBeEmpty();
        _computer.Names("bob").ShouldBe(["file"]);
    }

    [Fact]
    public async Task AStateRestoredFromABackupIsDetectedAndStopped()
    {
        _computer.Write("alice/file", "content");
        await _computer.SyncAsync("alice", "bob");
        await CopyAsync(Path.Combine(_computer.State, "participants", "alice.db"), _computer.At("backup.db"));
        _computer.Write("alice/file", "after the backup");
        await _computer.SyncAsync("alice", "bob");

        await CopyAsync(_computer.At("backup.db"), Path.Combine(_computer.State, "participants", "alice.db"));
        _computer.Write("alice/file", "written with the old state");
        _computer.Write("bob/new", "bob goes on");
        var result = await _computer.RunAsync("sync", "alice", "bob");

        result.ShouldExit(1).ShouldReportOnce("alice", "Another computer");
        _computer.Read("bob/file").ShouldBe("after the backup");
        _computer.Read("alice/file").ShouldBe("written with the old state");
        _computer.Names("alice").ShouldBe(["file"]);
    }

    [Fact]
    public async Task ALostStateDirectoryIsToldAndTheFilesMayStartAnew()
    {
        _computer.Write("alice/file", "content");
        await _computer.SyncAsync("alice", "bob");
        Directory.Delete(_computer.State, recursive: true);

        (await _computer.RunAsync("sync", "alice", "bob")).ShouldExit(1).ShouldReportOnce("alice", "--state", ".magic-folder");

        _computer.Delete("alice/.magic-folder");
        _computer.Delete("bob/.magic-folder");
        await _computer.SyncAsync("alice", "bob");
    }

    [Fact]
    public async Task ASecondRunOnTheSameStateIsRefused()
    {
        _computer.Write("alice/file", "content");
        using var watch = _computer.Start("sync", "alice", "bob", "--watch");
        await watch.SaysAsync("Watching");

        (await _computer.RunAsync("sync", "alice", "bob")).ShouldExit(1).ShouldBeCalm().ErrorLines.ShouldHaveSingleItem().ShouldContain("another");
    }

    [Fact]
    public async Task WhatHoldsSecretsIsForTheOwnerAlone()
    {
        _computer.Write("alice/file", "content");
        await _computer.SyncAsync("alice", "bob");

        foreach (string path in Directory.EnumerateFileSystemEntries(_computer.State, "*", SearchOption.AllDirectories).Prepend(_computer.State))
            (File.GetUnixFileMode(path) & (UnixFileMode)0b111_111).ShouldBe(UnixFileMode.None, path);
    }

    public void Dispose() => _computer.Dispose();

    private string ConfigurationFile => Path.Combine(_computer.State, "folder.json");

    private void EditConfiguration(Action<JsonObject> edit)
    {
        var configuration = JsonNode.Parse(File.ReadAllText(ConfigurationFile))!.AsObject();
        edit(configuration);
        File.WriteAllText(ConfigurationFile, configuration.ToJsonString());
    }

    private static async Task CopyAsync(string from, string to)
    {
        using var copy = Process.Start("cp", ["-a", from, to]);
        await copy.WaitForExitAsync();
        copy.ExitCode.ShouldBe(0);
    }
}
