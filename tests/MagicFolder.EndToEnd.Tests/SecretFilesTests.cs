using MagicFolder.EndToEnd.Tests.Running;

namespace MagicFolder.EndToEnd.Tests;

/// <summary>Files with keys are durable, with their names, before anything relies on them.</summary>
public sealed class SecretFilesTests : IDisposable
{
    private readonly Computer _computer = new();

    public void Dispose() => _computer.Dispose();

    [Fact]
    public async Task KeysHaveTheirNamesBeforeTheGridListsWhoseTheyAre()
    {
        _computer.Write("alice/x.txt", "one");
        string[] calls = await CallTrace.RunAsync(_computer, "sync", "alice", "bob");
        string state = _computer.State;
        int named = Array.FindIndex(calls, call => call.Contains("rename", StringComparison.Ordinal) && call.Contains($"\"{state}/folder.json\"", StringComparison.Ordinal));
        int durable = FindFlush(calls, state, named);
        // The first flush in a slot after that is of the list of participants.
        int listed = Array.FindIndex(calls, named, call => call.Contains("fsync(", StringComparison.Ordinal) && call.Contains($"<{_computer.Grid}/", StringComparison.Ordinal));
        named.ShouldBePositive();
        durable.ShouldBeInRange(named, listed);
        foreach (string above in (string[])[_computer.At("data/magic-folder/folders"), _computer.At("data/magic-folder")]) FindFlush(calls, above, 0).ShouldBeInRange(0, named);
    }

    private static int FindFlush(string[] calls, string directory, int from) =>
        Array.FindIndex(calls, from, call => call.Contains("fsync(", StringComparison.Ordinal) && call.Contains($"<{directory}>", StringComparison.Ordinal));
}
