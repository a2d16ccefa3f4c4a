using MagicFolder.Sync.Folders;

namespace MagicFolder.Sync.Tests.Folders;

public sealed class PrivateFileTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("magic-folder-private-").FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public void ANewFileIsMadeWhileAnotherProcessIsAboutToMakeIt()
    {
        string file = Path.Combine(_directory, "key");
        using (new FileStream(file + ".new", FileMode.Create, FileAccess.Write, FileShare.None)) PrivateFile.WriteNew(file, "mine"u8);
        File.ReadAllText(file).ShouldBe("mine");
        PrivateFile.WriteNew(file, "of another"u8);
        File.ReadAllText(file).ShouldBe("mine");
        Directory.GetFiles(_directory).Select(Path.GetFileName).Order(StringComparer.Ordinal).ShouldBe(["key", "key.new"]);
    }
}
