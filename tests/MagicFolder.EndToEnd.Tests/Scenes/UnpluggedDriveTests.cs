namespace MagicFolder.EndToEnd.Tests.Scenes;

/// <summary>The drive with a folder is unplugged while the daemon runs, and plugged in again.</summary>
public sealed class UnpluggedDriveTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task TheFolderIsStoppedNobodySeesADeletionAndItGoesOnByItself(bool leavesMountPoint)
    {
        using var scene = await Scene.StartAsync(computers: 2);
        for (int i = 0; i < 5; i++) scene.Write("alice", $"{i}.txt", $"{i}");
        await scene.RestAsync();

        string drive = scene.At("bob"), away = drive + ".away";
        Directory.Move(drive, away);
        if (leavesMountPoint) Directory.CreateDirectory(drive);
        var stopped = await scene.BecomesAsync("bob", folder => folder.State == "stopped");
        stopped.Reason.ShouldNotBeNull().ShouldContain(drive);
        (await scene.RunAsync("bob", "status")).ShouldExit(3).ShouldBeCalm().Output.ShouldContain("stopped");
        if (leavesMountPoint) await scene.BecomesAsync("bob", folder => folder.Reason?.Contains("marker", StringComparison.Ordinal) ?? false);
        scene.Write("alice", "new.txt", "meanwhile");
        await scene.ScanAsync("alice");
        (await scene.FolderAsync("alice")).Files.ShouldBe(6);
        scene.Count("alice").ShouldBe(6);
        Path.Exists(drive).ShouldBe(leavesMountPoint);
        if (leavesMountPoint) Directory.EnumerateFileSystemEntries(drive).ShouldBeEmpty();

        if (leavesMountPoint) Directory.Delete(drive);
        File.WriteAllText(Path.Combine(away, "0.txt"), "edited elsewhere");
        Directory.Move(away, drive);
        await scene.BecomesAsync("bob", folder => folder is { State: "in-sync", Files: 6 });
        await scene.RestAsync();
        scene.Read("bob", "new.txt").ShouldBe("meanwhile");
        scene.Read("alice", "0.txt").ShouldBe("edited elsewhere");
        scene.Count("alice").ShouldBe(6);
        scene.ShouldBeCalm();
    }
}
