"""One number for how wrong a batch of predictions is, and its gradient."""

import numpy as np

from nnlit.data import Array, one_hot


class Loss:
    """A measure of error as a value: call it for the loss and its gradient together.

    Training asks for `gradient` in every step and for `loss` now and then.
    """

    def loss(self, Z: Array, Y: Array) -> Array:
        """The loss of a batch.

        Args:
            Z: the network's outputs, shape (m, K).
            Y: the targets as rows, shape (m, K).

        Returns:
            A number, as an array without axes; complex where Z is, for the complex step.
        """
        raise NotImplementedError

    def gradient(self, Z: Array, Y: Array) -> Array:
        """The gradient of the loss in the outputs.

        Args:
            Z: the network's outputs, shape (m, K).
            Y: the targets as rows, shape (m, K).

        Returns:
            The slopes, shape (m, K).
        """
        raise NotImplementedError

    def targets(self, y: Array, Z: Array) -> Array:
        """What the loss compares Z with: labels as one-hot rows in the dtype of Z, rows as they are.

        Args:
            y: labels of shape (m,), or target rows of the shape of Z.
            Z: outputs, shape (m, K).

        Returns:
            Y, shape (m, K).

        Raises:
            ValueError: if Z is empty, or holds integers, which wrap around when they are subtracted, or if y fits
                neither form; targets of shape (m, 1) beside outputs of shape (m, K) would broadcast to a wrong loss.

        Examples:
            >>> squared_error.targets(np.array([2, 0]), np.zeros((2, 3))).tolist()
            [[0.0, 0.0, 1.0], [1.0, 0.0, 0.0]]
        """
        name = type(self).__name__
        if Z.dtype.kind not in "fc":
            raise ValueError(f"{name}: expected outputs in floating point, but they are {Z.dtype}; use Z.astype(float)")
        rows = Z.ndim == 2 and len(Z) > 0
        Y = one_hot(y, Z.shape[1], Z.real.dtype) if rows and np.ndim(y) == 1 else np.asarray(y)
        if not rows or Y.shape != Z.shape:
            expected = "at least one row, and a label or a target row for each"
            raise ValueError(f"{name}: expected {expected}; Z is {Z.shape}, y is {np.shape(y)}")
        return Y

    def __call__(self, Z: Array, y: Array) -> tuple[float, Array]:
        """The loss as a number, and its gradient with respect to Z.

        Args:
            Z: the network's outputs, shape (m, K).
            y: labels of shape (m,), or target rows of shape (m, K).

        Returns:
            The loss and the gradient, whose shape is that of Z.

        Raises:
            ValueError: as `targets` does.
        """
        Y = self.targets(y, Z)
        return self.loss(Z, Y).item(), self.gradient(Z, Y)

    def __repr__(self) -> str:
        return f"{type(self).__name__}()"


class SquaredError(Loss):
    r"""Half the squared distance of predictions and targets, averaged over the batch: \eqref{losses:squared-error}.

    Source:
        A. M. Legendre, Nouvelles méthodes pour la détermination des orbites des comètes, Paris 1805, appendix.

    Examples:
        >>> loss, grad = squared_error(np.array([[1.0, 2.0], [0.0, 4.0]]), np.array([[1.0, 0.0], [0.0, 1.0]]))
        >>> loss, grad.tolist()
        (3.25, [[0.0, 1.0], [0.0, 1.5]])
    """

    def loss(self, Z: Array, Y: Array) -> Array:
        """The squared error of a batch.

        Args:
            Z: the predictions, shape (m, K).
            Y: the targets, shape (m, K).

        Returns:
            A number: (4 + 9) / (2 * 2) = 3.25 in the example above.
        """
        m, Y_hat = len(Z), Z
        L: Array = ((Y_hat - Y) ** 2).sum() / (2 * m)  # eq losses:squared-error
        return L

    def gradient(self, Z: Array, Y: Array) -> Array:
        r"""Its gradient, the difference divided by the number of rows: \eqref{losses:grad}.

        Args:
            Z: the predictions, shape (m, K).
            Y: the targets, shape (m, K).

        Returns:
            The slopes, shape (m, K).
        """
        m, Y_hat = len(Z), Z
        grad_Y_hat: Array = (Y_hat - Y) / m  # eq losses:grad
        return grad_Y_hat


squared_error = SquaredError()
