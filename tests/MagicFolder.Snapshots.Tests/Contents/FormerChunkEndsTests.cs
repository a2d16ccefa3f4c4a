using MagicFolder.Model.Blobs;
using MagicFolder.Snapshots.Contents;

namespace MagicFolder.Snapshots.Tests.Contents;

public sealed class FormerChunkEndsTests
{
    private static readonly BlobId First = BlobId.Of("first"u8);
    private static readonly BlobId Second = BlobId.Of("second"u8);
    private static readonly BlobId Third = BlobId.Of("third"u8);

    private readonly FormerChunkEnds _former = new([new ChunkRef(First, 0, 100), new ChunkRef(Second, 100, 200), new ChunkRef(Third, 300, 50), new ChunkRef(First, 350, 100), new ChunkRef(Second, 450, 200)]);

    [Fact]
    public void NothingMovedIsExpectedAtFirst()
    {
        _former.LengthAt(100).ShouldBe(200);
        _former.LengthAt(101).ShouldBe(0);
    }

    [Fact]
    public void BehindAChunkThatMovedAllElseIsExpectedToHaveMoved()
    {
        _former.Recognize(Third, 1300).ShouldBeTrue();
        _former.LengthAt(1350).ShouldBe(100);
        _former.LengthAt(350).ShouldBe(0);
        _former.Recognize(BlobId.Of("new"u8), 1350).ShouldBeFalse();
        _former.LengthAt(1450).ShouldBe(200);
    }

    [Fact]
    public void OneThatIsThereTwiceIsTakenForTheOneThatWasExpected()
    {
        _former.Recognize(First, 350).ShouldBeTrue();
        _former.LengthAt(450).ShouldBe(200);
    }
}
