using MagicFolder.Grid.Servers;

namespace MagicFolder.Grid.Tests.Servers;

public class StorageTroubleTests
{
    [Fact]
    public void AFullDiskIsNoSpace()
    {
        if (!OperatingSystem.IsLinux())
        {
            return;
        }

        var full = Should.Throw<IOException>(() =>
        {
            using var file = File.OpenHandle("/dev/full", FileMode.Open, FileAccess.Write);
            RandomAccess.Write(file, new byte[10], 0);
        });
        var failure = StorageTrouble.Describe(full, "/grid/shares");
        failure.Failure.ShouldBe(GridFailure.NoSpace);
        failure.Message.ShouldContain("/grid/shares");
    }

    public static TheoryData<Exception, GridFailure> Troubles => new()
    {
        { new UnauthorizedAccessException(), GridFailure.Denied },
        { new IOException("read-only", 30), GridFailure.Denied },
        { new IOException("quota", 122), GridFailure.NoSpace },
        { new IOException("disk full", unchecked((int)0x80070070)), GridFailure.NoSpace },
        { new IOException("broken disk", 5), GridFailure.Io },
        { new DirectoryNotFoundException(), GridFailure.Unavailable },
        { new IOException(), GridFailure.Io },
    };

    [Theory]
    [MemberData(nameof(Troubles))]
    public void EveryTroubleHasItsKindAndNamesThePath(Exception trouble, GridFailure expected)
    {
        var failure = StorageTrouble.Describe(trouble, "/the/path");
        failure.Failure.ShouldBe(expected);
        failure.Message.ShouldContain("/the/path");
        failure.InnerException.ShouldBe(trouble);
    }

    [Fact]
    public void ADirectoryIsNotMadeWithThoseAboveIt()
    {
        var scratch = Directory.CreateTempSubdirectory("magic-folder-grid-");
        var drive = Path.Combine(scratch.FullName, "drive");
        Should.Throw<DirectoryNotFoundException>(() => PrivateFiles.CreateOneDirectory(Path.Combine(drive, "shares")));
        Directory.Exists(drive).ShouldBeFalse();

        PrivateFiles.CreateOneDirectory(drive);
        PrivateFiles.CreateOneDirectory(drive);
        Directory.Exists(drive).ShouldBeTrue();
        File.WriteAllText(Path.Combine(drive, "file"), "");
        Should.Throw<IOException>(() => PrivateFiles.CreateOneDirectory(Path.Combine(drive, "file")));
        scratch.Delete(recursive: true);
    }
}
