using MagicFolder.Architecture.Tests.Reading;

namespace MagicFolder.Architecture.Tests;

/// <summary>What a room may lay hands on.</summary>
public sealed class PurityTests
{
    private static readonly string[] FileTypes =
    [
        "System.IO.File", "System.IO.Directory", "System.IO.FileInfo", "System.IO.DirectoryInfo", "System.IO.FileSystemInfo", "System.IO.FileStream",
        "System.IO.RandomAccess", "System.IO.FileSystemWatcher", "System.IO.DriveInfo", "Microsoft.Win32.SafeHandles.SafeFileHandle",
    ];

    [Fact]
    public void TheModelDoesNoInputOrOutputAndWaitsForNothing() =>
        CompiledAssembly.Of("Model").Types
            .Where(type => type.StartsWith("System.IO.", StringComparison.Ordinal)
                || type.StartsWith("System.Net.", StringComparison.Ordinal)
                || type.StartsWith("System.Threading.", StringComparison.Ordinal)
                || type.StartsWith("Microsoft.", StringComparison.Ordinal)
                || type is "System.Console" or "System.Diagnostics.Process" or "System.TimeProvider")
            .ShouldBeEmpty();

    /// <summary>Iterators ask the environment for their thread, which is harmless.</summary>
    [Fact]
    public void TheModelAsksNothingOfItsSurroundings() =>
        CompiledAssembly.Of("Model").Members
            .Where(member => member.StartsWith("System.Environment.", StringComparison.Ordinal) && member != "System.Environment.get_CurrentManagedThreadId")
            .ShouldBeEmpty();

    [Theory]
    [InlineData("Tahoe")]
    [InlineData("Model")]
    [InlineData("Snapshots")]
    public void OnlyTheRoomsAtTheEdgeTouchFiles(string room) => CompiledAssembly.Of(room).Types.Intersect(FileTypes).ShouldBeEmpty();

    [Fact]
    public void TouchingFilesIsSeen() => CompiledAssembly.Of("FileSystem").Types.Intersect(FileTypes).ShouldNotBeEmpty();

    [Fact]
    public void OnlyTheStateKnowsTheDatabase() =>
        RoomsWhere(room => room.Assemblies.Any(name => name.Contains("Sqlite", StringComparison.OrdinalIgnoreCase) || name.Contains("SQLitePCL", StringComparison.Ordinal)))
            .ShouldBe(["State"]);

    [Fact]
    public void OnlyTheCommandKnowsTheCommandLine() =>
        RoomsWhere(room => room.Assemblies.Any(name => name.StartsWith("System.CommandLine", StringComparison.Ordinal))).ShouldBe(["Cli"]);

    [Fact]
    public void OnlyDiskStorageAndStateCallTheSystemDirectly() => RoomsWhere(room => room.NativeLibraries.Count > 0).ShouldBe(["FileSystem", "Grid", "State"]);

    private static IEnumerable<string> RoomsWhere(Func<CompiledAssembly, bool> holds) => Rooms.All.Where(room => holds(CompiledAssembly.Of(room))).Order();
}
