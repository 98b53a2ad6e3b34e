# ruff: noqa: E501, ISC004 (an equation stands on one line)
r"""The bank: the equations that a book on backpropagation displays, each accepted, each wrong version of them rejected."""

from pathlib import Path

import pytest

from nnlit.book.assembly import Assembly
from nnlit.book.checks.equations import PageCheck
from nnlit.book.checks.verdicts import EquationError
from nnlit.book.mutation.judge import EquationJudge
from nnlit.book.mutation.verdicts import Rejected, Unnoticed
from nnlit.book.mutation.wrong_equations import equation_mutants
from tests.tiers import mostly_long

HEADER = "| symbol | shape | code | meaning |\n|---|---|---|---|\n"


def outcomes(check):
    """What is found of every display of a page."""
    return [check.outcome(display) for display in check.analysis.chapter.displays]


def book(path: Path, rows: str, *equations: str) -> PageCheck:
    """A Markdown file with one Symbols table and some displays, ready to be executed."""
    table = HEADER + "\n".join(f"| {r.strip()} |" for r in rows.strip().split("\n"))
    displays = "\n\n".join(f"$$\n{e.strip()}\n$$" for e in equations)
    path.write_text(f"# Bank\n\n## Symbols\n\n{table}\n\n{displays}\n", encoding="utf-8")
    return Assembly.of(path).equations


BANK: dict[str, tuple[str, ...]] = {
    "dense": (
        r"""
        $X$ | $m \times n$ | | a batch
        $W$ | $n \times K$ | | weights
        $b$ | $K$ | | biases
        $\frac{\partial L}{\partial Z}$ | $m \times K$ | | upstream
        """,
        r"Z = X W + b \label{d:forward}",
        r"\frac{\partial L}{\partial W} = X^\top \frac{\partial L}{\partial Z}",
        r"\frac{\partial L}{\partial X} = \frac{\partial L}{\partial Z} W^\top",
        r"\frac{\partial L}{\partial b_k} = \sum_i \frac{\partial L}{\partial Z_{ik}}",
        r"\frac{\partial L}{\partial W_{jk}} = \sum_i X_{ij} \frac{\partial L}{\partial Z_{ik}}",
        r"\frac{\partial L}{\partial X_{ij}} = \sum_k \frac{\partial L}{\partial Z_{ik}} W_{jk}",
        r"\frac{\partial Z_{ik}}{\partial W_{jl}} = X_{ij} [k = l]",
        r"\frac{\partial Z_{ik}}{\partial X_{lj}} = W_{jk} [i = l]",
    ),
    "relu": (
        r"""
        $Z$ | $m \times K$ | | inputs
        $\frac{\partial L}{\partial A}$ | $m \times K$ | | upstream
        """,
        r"A = \max(0, Z)",
        r"\frac{\partial L}{\partial Z} = \frac{\partial L}{\partial A} \odot \mathbb{1}[Z > 0]",
        r"\frac{\partial L}{\partial Z_{ij}} = \begin{cases} \frac{\partial L}{\partial A_{ij}} & \text{if } Z_{ij} > 0 \\"
        r" 0 & \text{otherwise} \end{cases}",
    ),
    "sigmoid and tanh": (
        r"""
        $z$ | number | | one number
        $Z$ | $m \times K$ | | inputs
        $G$, $H$ | $m \times K$ | | weights of the probes
        """,
        r"\sigma(z) = \frac{1}{1 + e^{-z}}",
        r"a = \tanh z",
        r"S = \sigma(Z)",
        r"T = \tanh(Z)",
        r"L = \sum_i \sum_k G_{ik} S_{ik}",
        r"M = \sum_i \sum_k H_{ik} T_{ik}",
        r"\frac{d \sigma}{d z} = \sigma(z) (1 - \sigma(z))",
        r"\frac{\partial L}{\partial Z} = G \odot S \odot (1 - S)",
        r"\frac{d a}{d z} = 1 - \tanh^2 z",
        r"\frac{\partial M}{\partial Z} = H \odot (1 - T^2)",
        r"\sigma'(z) = \sigma(z) \sigma(-z)",
        r"\sigma(0) = 0.5",
        r"\sigma(1) \approx 0.731",
    ),
    "squared error": (
        r"""
        $\hat Y$ | $m \times K$ | | predictions
        $Y$ | $m \times K$ | | targets
        """,
        r"L = \frac{1}{2 m} \sum_i \sum_k (\hat Y_{ik} - Y_{ik})^2",
        r"L = \frac{1}{2m} \lVert \hat Y - Y \rVert_F^2",
        r"\frac{\partial L}{\partial \hat Y} = \frac{1}{m} (\hat Y - Y)",
    ),
    "softmax": (
        r"""
        $z$ | $K$ | | logits
        $\delta$ | number | | Kronecker delta
        """,
        r"p_i = \frac{e^{z_i}}{\sum_j e^{z_j}}",
        r"\frac{\partial p_i}{\partial z_j} = p_i ([i = j] - p_j)",
        r"\frac{\partial p_i}{\partial z_j} = p_i (\delta_{ij} - p_j)",
        r"p_i = \frac{e^{z_i - \max_j z_j}}{\sum_j e^{z_j - \max_j z_j}}",
        r"\log p_i = z_i - \log \sum_j e^{z_j}",
        r"\frac{\partial p_i}{\partial z_j} = \begin{cases} p_i (1 - p_i) & i = j \\ -p_i p_j & i \ne j \end{cases}",
        r"\frac{\partial p}{\partial z} = \operatorname{diag}(p) - p p^\top",
    ),
    "cross-entropy": (
        r"""
        $Z$ | $m \times K$ | | logits
        $y$ | labels, $m$ | | labels 0..K-1
        """,
        r"Y_{ik} = [k = y_i]",
        r"P = \operatorname{softmax}(Z)",
        r"L = -\frac{1}{m} \sum_i \sum_k Y_{ik} \log P_{ik}",
        r"P_{ik} = \frac{e^{Z_{ik}}}{\sum_j e^{Z_{ij}}}",
        r"L = -\frac{1}{m} \sum_{i=1}^m \log P_{i y_i}",
        r"\frac{\partial L}{\partial Z} = \frac{1}{m} (P - Y)",
        r"\frac{\partial L}{\partial Z_{ik}} = \frac{1}{m} (P_{ik} - [k = y_i])",
        r"y_i = \arg\max_k Y_{ik}",
    ),
    "network": (
        r"""
        $X$ | $m \times n_0$ | | a batch
        $W^{(1)}$ | $n_0 \times n_1$ | | weights
        $b^{(1)}$ | $n_1$ | | biases
        $W^{(2)}$ | $n_1 \times K$ | | weights
        $b^{(2)}$ | $K$ | | biases
        $Y$ | $m \times K$ | | targets, one-hot rows
        """,
        r"Z^{(1)} = X W^{(1)} + b^{(1)}",
        r"A^{(1)} = \max(0, Z^{(1)})",
        r"Z^{(2)} = A^{(1)} W^{(2)} + b^{(2)}",
        r"P = \mathrm{softmax}(Z^{(2)})",
        r"L = -\frac{1}{m} \sum_i \sum_k Y_{ik} \log P_{ik}",
        r"\delta^{(2)} = \frac{\partial L}{\partial Z^{(2)}} = \frac{1}{m} (P - Y)",
        r"\frac{\partial L}{\partial W^{(2)}} = (A^{(1)})^\top \delta^{(2)}",
        r"\delta^{(1)} = \frac{\partial L}{\partial Z^{(1)}} = (\delta^{(2)} (W^{(2)})^\top) \odot \mathbb{1}[Z^{(1)} > 0]",
        r"\frac{\partial L}{\partial W^{(1)}} = X^\top \delta^{(1)}",
        r"\frac{\partial L}{\partial b^{(1)}_j} = \sum_i \delta^{(1)}_{ij}",
        r"\frac{\partial L}{\partial b^{(2)}_j} = \sum_i \delta^{(2)}_{ij}",
    ),
    "scalar chain": (
        r"""
        $x$, $w$, $b$, $y$ | number | | numbers
        """,
        r"z = w x + b",
        r"a = \frac{1}{1 + e^{-z}}",
        r"L = \frac{1}{2} (a - y)^2",
        r"\frac{\partial L}{\partial z} = \frac{\partial L}{\partial a} \frac{\partial a}{\partial z} = (a - y) a (1 - a)",
        r"\frac{\partial L}{\partial w} = \frac{\partial L}{\partial a} \frac{\partial a}{\partial z} \frac{\partial z}{\partial w}"
        r" = (a - y) a (1 - a) x",
        r"\frac{\partial L}{\partial b} = \frac{\partial L}{\partial a} \frac{\partial a}{\partial z}",
        r"a = \frac{e^z}{1 + e^z}",
    ),
    "optimizers": (
        r"""
        $\theta_t$ | $n$ | | parameters
        $g_t$ | $n$ | | gradient
        $m_{t-1}$, $u_{t-1}$ | $n$ | | first moments
        $v_{t-1}$ | $n$ | | second moment, positive
        $\beta_1$, $\beta_2$ | number | | between 0 and 1
        $\eta$, $\epsilon$, $\mu$ | number | | positive
        $t$ | integer | | step
        """,
        r"\psi_{t+1} = \theta_t - \eta g_t",
        r"u_t = \mu u_{t-1} + g_t",
        r"\phi_{t+1} = \theta_t - \eta u_t",
        r"m_t = \beta_1 m_{t-1} + (1 - \beta_1) g_t",
        r"v_t = \beta_2 v_{t-1} + (1 - \beta_2) g_t^2",
        r"\hat m_t = \frac{m_t}{1 - \beta_1^t}",
        r"\hat v_t = v_t / (1 - \beta_2^t)",
        r"\theta_{t+1} = \theta_t - \eta \frac{\hat m_t}{\sqrt{\hat v_t} + \epsilon}",
        r"\theta_{t+1,j} = \theta_{t,j} - \frac{\eta}{1 - \beta_1^t} \frac{m_{t,j}}{\sqrt{v_{t,j} / (1 - \beta_2^t)} + \epsilon}",
        r"\phi_{t+1} = \theta_t - \eta (\mu u_{t-1} + g_t)",
        r"\psi_{t+1,j} = \theta_{t,j} - \eta g_{t,j}",
        r"g_t = \frac{u_t - \mu u_{t-1}}{1} = \frac{m_t - \beta_1 m_{t-1}}{1 - \beta_1}",
        r"v_{t,j} - \beta_2 v_{t-1,j} = (1 - \beta_2) g_{t,j}^2",
    ),
    "batch norm": (
        r"""
        $x$ | $m \times n$ | | inputs
        $\gamma$, $\beta$ | $n$ | | scale and shift
        $\epsilon$ | number | | positive
        $\frac{\partial L}{\partial Y}$ | $m \times n$ | | upstream
        """,
        r"\mu_j = \frac{1}{m} \sum_i x_{ij}",
        r"s_j = \frac{1}{m} \sum_i (x_{ij} - \mu_j)^2",
        r"h_{ij} = \frac{x_{ij} - \mu_j}{\sqrt{s_j + \epsilon}}",
        r"Y_{ij} = \gamma_j h_{ij} + \beta_j",
        r"Y = \gamma \odot h + \beta",
        r"\frac{\partial L}{\partial \gamma_j} = \sum_i \frac{\partial L}{\partial Y_{ij}} h_{ij}",
        r"\frac{\partial L}{\partial \beta_j} = \sum_i \frac{\partial L}{\partial Y_{ij}}",
        r"""\frac{\partial L}{\partial x_{ij}} = \frac{\gamma_j}{m \sqrt{s_j + \epsilon}} \left( m \frac{\partial L}{\partial Y_{ij}}
        - \sum_l \frac{\partial L}{\partial Y_{lj}} - h_{ij} \sum_l \frac{\partial L}{\partial Y_{lj}} h_{lj} \right)""",
        r"\sum_i (x_{ij} - \mu_j) = 0",
    ),
    "layer norm": (
        r"""
        $x$ | $m \times n$ | | inputs
        $\gamma$, $\beta$ | $n$ | | scale and shift
        $\epsilon$ | number | | positive
        $\frac{\partial L}{\partial Y}$ | $m \times n$ | | upstream
        """,
        r"\mu_i = \frac{1}{n} \sum_j x_{ij}",
        r"s_i = \frac{1}{n} \sum_j (x_{ij} - \mu_i)^2",
        r"h_{ij} = \frac{x_{ij} - \mu_i}{\sqrt{s_i + \epsilon}}",
        r"Y_{ij} = \gamma_j h_{ij} + \beta_j",
        r"G_{ij} = \frac{\partial L}{\partial h_{ij}} = \frac{\partial L}{\partial Y_{ij}} \gamma_j",
        r"""\frac{\partial L}{\partial x_{ij}} = \frac{1}{\sqrt{s_i + \epsilon}} \left( G_{ij} - \frac{1}{n} \sum_l G_{il}
        - \frac{h_{ij}}{n} \sum_l G_{il} h_{il} \right)""",
        r"\frac{\partial L}{\partial \beta_j} = \sum_i \frac{\partial L}{\partial Y_{ij}}",
        r"\frac{\partial L}{\partial \gamma_j} = \sum_i \frac{\partial L}{\partial Y_{ij}} h_{ij}",
    ),
    "convolution": (
        r"""
        $x$ | $H \times B$ | | an image
        $w$ | $h \times a$ | | a kernel
        $b$ | number | | bias
        $\frac{\partial L}{\partial y}$ | $(H - h + 1) \times (B - a + 1)$ | | upstream, zero outside
        """,
        r"y_{ij} = \sum_{u,v} x_{i+u,j+v} w_{uv} + b",
        r"\frac{\partial L}{\partial w_{uv}} = \sum_{i,j} \frac{\partial L}{\partial y_{ij}} x_{i+u,j+v}",
        r"\frac{\partial L}{\partial x_{pq}} = \sum_{u,v} \frac{\partial L}{\partial y_{p-u,q-v}} w_{uv}",
        r"\frac{\partial L}{\partial b} = \sum_{i,j} \frac{\partial L}{\partial y_{ij}}",
    ),
    "max pooling": (
        r"""
        $x$ | $(2 h) \times (2 a)$ | | an image
        $y$ | $h \times a$ | | pooled
        $u$, $v$ | index | | runs over $2$
        $\frac{\partial L}{\partial y}$ | $h \times a$ | | upstream
        """,
        r"y_{ij} = \max_{u,v} x_{2i+u,2j+v}",
        r"\frac{\partial L}{\partial x_{pq}} = \sum_{i,j} \frac{\partial L}{\partial y_{ij}} \sum_{u,v} [p = 2i + u, q = 2j + v] [x_{pq} = y_{ij}]",
        r"x_{2i+u,2j+v} \le y_{ij}",
    ),
    "recurrent": (
        r"""
        $t$ | integer | | time
        $x_t$ | $m \times n$ | | input
        $h_{t-1}$ | $m \times K$ | | state before
        $W_x$ | $n \times K$ | | weights
        $W_h$ | $K \times K$ | | weights
        $b$ | $K$ | | biases
        $\frac{\partial L}{\partial h_t}$ | $m \times K$ | | upstream
        """,
        r"a_t = x_t W_x + h_{t-1} W_h + b",
        r"h_t = \tanh(a_t)",
        r"\delta_t = \frac{\partial L}{\partial a_t} = \frac{\partial L}{\partial h_t} \odot (1 - h_t^2)",
        r"\frac{\partial L}{\partial W_h} = h_{t-1}^\top \delta_t",
        r"\frac{\partial L}{\partial W_x} = x_t^\top \delta_t",
        r"\frac{\partial L}{\partial h_{t-1}} = \delta_t W_h^\top",
        r"\frac{\partial L}{\partial b_k} = \sum_i \delta_{t,ik}",
    ),
    "lstm": (
        r"""
        $t$ | integer | | time
        $f_t$, $i_t$, $o_t$, $g_t$ | $m \times K$ | | gates
        $c_{t-1}$ | $m \times K$ | | cell before
        $\frac{\partial L}{\partial h_t}$ | $m \times K$ | | upstream
        """,
        r"c_t = f_t \odot c_{t-1} + i_t \odot g_t",
        r"h_t = o_t \odot \tanh(c_t)",
        r"\frac{\partial L}{\partial o_t} = \frac{\partial L}{\partial h_t} \odot \tanh(c_t)",
        r"\frac{\partial L}{\partial c_t} = \frac{\partial L}{\partial h_t} \odot o_t \odot (1 - \tanh^2(c_t))",
        r"\frac{\partial L}{\partial f_t} = \frac{\partial L}{\partial c_t} \odot c_{t-1}",
        r"\frac{\partial L}{\partial c_{t-1}} = \frac{\partial L}{\partial c_t} \odot f_t",
        r"\frac{\partial L}{\partial i_t} = \frac{\partial L}{\partial c_t} \odot g_t",
        r"\frac{\partial L}{\partial g_t} = \frac{\partial L}{\partial c_t} \odot i_t",
    ),
    "gru": (
        r"""
        $t$ | integer | | time
        $x_t$ | $m \times n$ | | input
        $h_{t-1}$ | $m \times K$ | | state before
        $W_z$, $W_r$, $W_c$ | $n \times K$ | | weights
        $U_z$, $U_r$, $U_c$ | $K \times K$ | | weights
        $z$ | number | | one number
        $\frac{\partial L}{\partial h_t}$ | $m \times K$ | | upstream
        """,
        r"\sigma(z) = \frac{1}{1 + e^{-z}}",
        r"z_t = \sigma(x_t W_z + h_{t-1} U_z)",
        r"r_t = \sigma(x_t W_r + h_{t-1} U_r)",
        r"c_t = \tanh(x_t W_c + (r_t \odot h_{t-1}) U_c)",
        r"h_t = (1 - z_t) \odot h_{t-1} + z_t \odot c_t",
        r"\frac{\partial L}{\partial z_t} = \frac{\partial L}{\partial h_t} \odot (c_t - h_{t-1})",
        r"\delta_t = \frac{\partial L}{\partial h_t} \odot z_t \odot (1 - c_t^2)",
        r"\frac{\partial L}{\partial U_c} = (r_t \odot h_{t-1})^\top \delta_t",
        r"\frac{\partial L}{\partial r_t} = \delta_t U_c^\top \odot h_{t-1}",
        r"\frac{\partial L}{\partial U_r} = h_{t-1}^\top \left( \frac{\partial L}{\partial r_t} \odot r_t \odot (1 - r_t) \right)",
        r"\frac{\partial L}{\partial W_z} = x_t^\top \left( \frac{\partial L}{\partial z_t} \odot z_t \odot (1 - z_t) \right)",
        r"\sigma(0) = 0.5",
        r"\sigma(1) \approx 0.731",
        r"\frac{\partial L}{\partial U_z} = h_{t-1}^\top \left( \frac{\partial L}{\partial z_t} \odot z_t \odot (1 - z_t) \right)",
        r"\frac{\partial L}{\partial W_r} = x_t^\top \left( \frac{\partial L}{\partial r_t} \odot r_t \odot (1 - r_t) \right)",
        r"\frac{\partial L}{\partial W_c} = x_t^\top \delta_t",
        r"\frac{\partial L}{\partial c_t} = \frac{\partial L}{\partial h_t} \odot z_t",
        r"h_t - h_{t-1} = z_t \odot (c_t - h_{t-1})",
    ),
    "attention": (
        r"""
        $Q$ | $m \times d$ | | queries
        $K$ | $n \times d$ | | keys
        $V$ | $n \times e_v$ | | values
        $\frac{\partial L}{\partial O}$ | $m \times e_v$ | | upstream
        """,
        r"S = \frac{Q K^\top}{\sqrt{d}}",
        r"A = \mathrm{softmax}(S)",
        r"O = A V",
        r"G = \frac{\partial L}{\partial S}",
        r"\frac{\partial L}{\partial V} = A^\top \frac{\partial L}{\partial O}",
        r"\frac{\partial L}{\partial A} = \frac{\partial L}{\partial O} V^\top",
        r"""\frac{\partial L}{\partial S_{ij}} = A_{ij} \left( \frac{\partial L}{\partial A_{ij}}
        - \sum_l \frac{\partial L}{\partial A_{il}} A_{il} \right)""",
        r"\frac{\partial L}{\partial Q} = \frac{1}{\sqrt{d}} G K",
        r"\frac{\partial L}{\partial K} = \frac{1}{\sqrt{d}} G^\top Q",
        r"O_{ik} = \frac{\sum_j e^{S_{ij}} V_{jk}}{\sum_j e^{S_{ij}}}",
    ),
    "causal attention in four axes": (
        r"""
        $Q$, $K$ | $B \times h \times T \times d$ | | queries and keys of every head
        $V$ | $B \times h \times T \times d$ | | values
        $\frac{\partial L}{\partial O}$ | $B \times h \times T \times d$ | | upstream
        """,
        r"S_{bist} = \frac{1}{\sqrt{d}} \sum_k Q_{bisk} K_{bitk}",
        r"A_{bist} = \frac{[t \le s] e^{S_{bist}}}{\sum_{u \le s} e^{S_{bisu}}}",
        r"O_{bisk} = \sum_t A_{bist} V_{bitk}",
        r"\frac{\partial L}{\partial V_{bitk}} = \sum_s A_{bist} \frac{\partial L}{\partial O_{bisk}}",
        r"\sum_t A_{bist} = 1",
        r"\frac{\partial L}{\partial A_{bist}} = \sum_k \frac{\partial L}{\partial O_{bisk}} V_{bitk}",
        r"""\frac{\partial L}{\partial S_{bist}} = A_{bist} \left( \frac{\partial L}{\partial A_{bist}}
        - \sum_u \frac{\partial L}{\partial A_{bisu}} A_{bisu} \right)""",
        r"\frac{\partial L}{\partial Q_{bisk}} = \frac{1}{\sqrt{d}} \sum_t \frac{\partial L}{\partial S_{bist}} K_{bitk}",
        r"\frac{\partial L}{\partial K_{bitk}} = \frac{1}{\sqrt{d}} \sum_s \frac{\partial L}{\partial S_{bist}} Q_{bisk}",
        r"A_{bist} = \frac{[t \le s] \prod_k e^{Q_{bisk} K_{bitk} / \sqrt{d}}}{\sum_u [u \le s] \prod_k e^{Q_{bisk} K_{biuk} / \sqrt{d}}}",
    ),
    "dropout": (
        r"""
        $X$ | $m \times n$ | | inputs
        $M$ | $m \times n$ | | the mask, 0 or 1
        $q$ | number | | how many stay, between 0 and 1
        $d$ | $n$ | | the mask of one row: every entry is 1 with probability $q$
        $x$ | $n$ | | one row
        $\frac{\partial L}{\partial A}$ | $m \times n$ | | upstream
        """,
        r"A = \frac{1}{q} (M \odot X)",
        r"\frac{\partial L}{\partial X} = \frac{1}{q} \left( M \odot \frac{\partial L}{\partial A} \right)",
        r"a_j = \frac{d_j x_j}{q}",
        r"\mathbb E[a_j] = x_j",
        r"\operatorname{Var}(a_j) = \frac{1 - q}{q} x_j^2",
    ),
    "batches by enumeration": (
        r"""
        $g$ | $m \times n$ | | one gradient per example
        $s$ | size | | how many are drawn
        $B$ | $s$ | | every subset of size $s$ of $1..m$
        $C$ | $s$ | | every sequence of length $s$ from $1..m$
        """,
        r"\bar g_j = \frac{1}{m} \sum_i g_{ij}",
        r"r_j = \frac{1}{s} \sum_{i \in B} g_{ij}",
        r"c_j = \frac{1}{s} \sum_{i \in C} g_{ij}",
        r"v_j = \frac{1}{m} \sum_i (g_{ij} - \bar g_j)^2",
        r"\mathbb E_B[r_j] = \bar g_j",
        r"\mathbb E[c_j] = \bar g_j",
        r"\operatorname{Var}(c_j) = \frac{v_j}{s}",
        r"\operatorname{Var}(r_j) = \frac{v_j}{s} \cdot \frac{m - s}{m - 1}",
    ),
    "numbers": (
        r"""
        $h$ | number | | a step
        """,
        r"X = \begin{pmatrix} 1 & 2 \\ 3 & 4 \\ 5 & 6 \end{pmatrix}",
        r"W = \begin{bmatrix} 1 & 0 \\ -1 & 2 \end{bmatrix}",
        r"X W = \begin{pmatrix} -1 & 4 \\ -1 & 8 \\ -1 & 12 \end{pmatrix}",
        r"W \begin{pmatrix} 1 \\ 2 \end{pmatrix} = \begin{pmatrix} 1 \\ 3 \end{pmatrix}",
        r"\begin{pmatrix} 1 & 2 \end{pmatrix} W = \begin{pmatrix} -1 & 4 \end{pmatrix}",
        r"W^{-1} = \begin{pmatrix} 1 & 0 \\ 0.5 & 0.5 \end{pmatrix}",
        r"\frac{1}{1 + e^{-1}} \approx 0.731",
        r"\sqrt{2} \approx 1.41421",
        r"e^{-10} \approx 4.54 \cdot 10^{-5}",
        r"\binom{5}{2} = \frac{5!}{2! \, 3!} = 10",
    ),
    "calculus": (
        r"""
        $x$ | number | | a point
        $h$ | number | | a step
        $n$ | integer | | an exponent
        $A$ | $k \times k$ | | symmetric positive definite
        $b$, $w$, $v$ | $k$ | | vectors
        $u$ | $k$ | | parameters
        """,
        r"f(x) = x^3 - 2 x",
        r"f'(x) = \lim_{h \to 0} \frac{f(x + h) - f(x)}{h} = 3 x^2 - 2",
        r"\frac{d f}{d x} = 3 x^2 - 2",
        r"f''(x) = 6 x",
        r"\frac{d^2 f}{d x^2} = 6 x",
        r"\frac{d}{d x} x^n = n x^{n - 1}",
        r"f(x + h) = f(x) + h f'(x) + O(h^2)",
        r"\frac{f(x + h) - f(x - h)}{2 h} = f'(x) + O(h^2)",
        r"q(w) = \frac{1}{2} w^\top A w - b^\top w",
        r"\nabla q(w) = A w - b",
        r"\nabla_w q = A w - b",
        r"\nabla^2 q(w) = A",
        r"\frac{\partial q}{\partial w_i} = \sum_j A_{ij} w_j - b_i",
        r"\lvert \langle w, v \rangle \rvert \le \lVert w \rVert \lVert v \rVert",
        r"w^\top A w \le \lambda_{\max}(A) \lVert w \rVert^2",
        r"\operatorname{tr}(A) = \sum_i A_{ii}",
        r"\lim_{n \to \infty} \left( 1 + \frac{1}{n} \right)^n = e",
        r"\max_i w_i \ge \min_i w_i",
        r"\lVert w \rVert_1 = \sum_i |w_i|",
    ),
    "aligned": (
        r"""
        $x$ | $m \times n$ | | inputs
        $w$ | $n$ | | weights
        $y$ | $m$ | | targets
        """,
        r"L = \frac{1}{2m} \sum_i \left( \sum_j x_{ij} w_j - y_i \right)^2",
        r"""
        \begin{aligned}
        \frac{\partial L}{\partial w_j} &= \frac{1}{2m} \sum_i \frac{\partial}{\partial w_j} \left( \sum_k x_{ik} w_k - y_i \right)^2 \\
        &= \frac{1}{m} \sum_i \left( \sum_k x_{ik} w_k - y_i \right) x_{ij} \\
        &= \frac{1}{m} \sum_i \sum_k x_{ij} x_{ik} w_k
           - \frac{1}{m} \sum_i x_{ij} y_i
        \end{aligned}
        """,
        r"""
        \begin{aligned}
        r &= x w - y, \\
        \frac{\partial L}{\partial w} &= \frac{1}{m} x^\top r \\
        &= \frac{1}{m} \left( x^\top x w - x^\top y \right).
        \end{aligned}
        """,
        r"s_i = \sum_j x_{ij} w_j, \qquad r_i = s_i - y_i \quad \text{for every example}",
    ),
}


@pytest.fixture(scope="module")
def pages(tmp_path_factory):
    folder = tmp_path_factory.mktemp("bank")
    return {name: book(folder / f"{name.replace(' ', '-')}.md", *parts) for name, parts in BANK.items()}


LARGE = "causal attention in four axes"  # takes as long as all the others
CORE = ("dense", "relu", "sigmoid and tanh", "squared error", "softmax", "cross-entropy", "network", "scalar chain", "dropout")
each_page = pytest.mark.parametrize("name", mostly_long(BANK, CORE))


@pytest.mark.parametrize("name", mostly_long(BANK, [name for name in BANK if name != LARGE]))
@pytest.mark.long_but_one_in(22)
def test_bank_is_accepted(pages, name):
    found = outcomes(pages[name])
    failed = [str(r) for r in found if isinstance(r, EquationError)]
    assert not failed, "\n".join(failed)
    assert len(found) == len(BANK[name]) - 1  # every equation is one display, and is executed
    assert {r.how for r in found} <= {"definition", "complex step", "rewrite"}
    assert all(result.steps > 0 for result in found)


@each_page
@pytest.mark.long_but_one_in(9)
def test_bank_is_accepted_with_other_data(pages, name):
    other = PageCheck(pages[name].analysis, seed=3)
    assert not [str(r) for r in outcomes(other) if isinstance(r, EquationError)]


@each_page
@pytest.mark.long_but_one_in(9)
def test_wrong_versions_of_the_bank_are_rejected(pages, name):
    rejected, alive, group = 0, [], pages[name]
    for display in group.analysis.chapter.displays:
        judge = EquationJudge(group, display)
        for mutant in equation_mutants(group, display):
            verdict = judge.verdict_on(mutant)
            rejected += isinstance(verdict, Rejected)
            if isinstance(verdict, Unnoticed):
                alive.append(f"{group.analysis.name(display)}: {mutant.kind}: {mutant.source}")
    assert rejected > 30  # were nothing tried, nothing would survive
    assert not alive, "\n".join(alive)
